// Which handler serves a path and a method, and how large a body it reads.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/bytes.hpp"
#include "core/hash.hpp"
#include "core/result.hpp"
#include "transport/common/path_pattern.hpp"

namespace carillon::transport {

class Exchange;
class Worker;

using Handler = std::function<void(Worker&, Exchange&)>;

/// How the Origin rule treats a route (docs/protocol.md, "Host and Origin").
enum class RouteKind : std::uint8_t {
  Plain,   // GET and HEAD answer any origin, which cannot read them without CORS
  Stream,  // an event stream or an upgrade: a foreign origin is refused
  Open,    // any origin may do anything: for what needs no protection
};

struct Route {
  Handler handler;
  std::uint64_t body_limit_bytes = 0;
  RouteKind kind = RouteKind::Plain;
  bool takes_upgrades = false;  // for a WebSocket, see Exchange::take_over
};

/// A table of paths, built at start-up and shared by all reactors afterwards.
class Router {
 public:
  /// `method` GET serves HEAD as well. A path may have parameters (path_pattern.hpp); an exact one
  /// wins, and among patterns the one that says more.
  /// Where that has no such method, the next pattern that fits is asked.
  /// Errors: a sentence: the method is none for a route, the path is malformed, or that method of
  /// it
  ///         is served already.
  Result<void, std::string> try_add(Bytes method, Bytes path, Route route);
  /// The same for routes of our own, which are right.
  void add(Bytes method, Bytes path, Route route);
  /// Serves GET and HEAD of every path that has no route: the embedded pages. `has` tells whether
  /// there is one at a path, so that other methods of it are not allowed.
  void set_fallback(Route route, std::function<bool(Bytes path)> has);

  /// Puts what `wrap` makes of it in the place of every handler that there is now.
  void wrap_all(const std::function<Handler(Handler)>& wrap);

  enum class Miss : std::uint8_t { NotFound, MethodNotAllowed };
  struct Match {
    const Route* route = nullptr;
    Miss miss = Miss::NotFound;  // where there is no route
    std::vector<PathParameter> parameters = {};
  };
  Match match(Bytes method, Bytes path) const;

  /// The value of `Allow` for a path, OPTIONS included; empty for an unknown path.
  std::string allowed_methods(Bytes path) const;

 private:
  struct Entry {
    std::string method;
    Route route;
  };
  using Entries = std::vector<Entry>;
  static const Route* route_of(const Entries& entries, Bytes method);
  Entries& entries_of(const PathPattern& pattern);

  std::unordered_map<std::string, Entries, StringHash, std::equal_to<>> paths_;
  std::vector<std::pair<PathPattern, Entries>> patterns_;  // those that say more come first
  std::optional<Route> fallback_;
  std::function<bool(Bytes)> fallback_has_;
};

}  // namespace carillon::transport
