// Which visitor's technology moved how many octets: the lab's measure, told by the server because
// no page can see its own headers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/bytes.hpp"
#include "core/slot_table.hpp"
#include "net/reactor.hpp"
#include "net/stream.hpp"

namespace carillon::transport {

/// Labels that are counted at a time, on each reactor; then the one unused for the longest time is
/// forgotten. A visitor has about ten.
inline constexpr std::size_t kMeteredLabels = 2'000;
/// Connections that are watched, on each reactor; further ones are not counted.
inline constexpr std::size_t kMeteredConnections = 10'000;

struct WireTally {
  std::uint64_t requests = 0;
  net::WireCounts octets;
};

/// One reactor's part. A connection counts for the label of its latest request: what came since the
/// one before is this request, what went out since then was the answer to that one.
/// Thread: its reactor's.
class WireMeter {
 public:
  explicit WireMeter(net::Reactor& reactor) : reactor_(reactor) {}

  /// A request with this label has been read. Empty: of nobody in the lab.
  void on_request(net::Stream& stream, Bytes label);

  /// What the labels that begin with `prefix` have moved until now, by what follows it.
  std::map<std::string, WireTally> read(Bytes prefix);

  /// Ends the connections that carry `label` now, with a reset. Returns how many.
  std::size_t cut(Bytes label);

 private:
  struct Metered {
    net::WireCounts seen;
    std::string label;
  };
  struct Entry {
    WireTally tally;
    std::uint64_t used = 0;
  };

  WireTally& tally_of(const std::string& label);
  void count(net::Stream& stream, Metered& metered);
  void relabel(std::uint64_t key, Metered& metered, Bytes label);
  /// For one more connection. Whether others are gone is looked up once for many that are refused.
  bool has_room();
  void forget_gone();

  static std::uint64_t key_of(Handle handle) {
    return std::uint64_t{handle.generation} << 32 | handle.slot;
  }
  static Handle handle_of(std::uint64_t key) {
    return {.slot = static_cast<std::uint32_t>(key),
            .generation = static_cast<std::uint32_t>(key >> 32)};
  }

  net::Reactor& reactor_;
  std::unordered_map<std::uint64_t, Metered> connections_;
  /// Which connections carry which label now: a visitor's reading looks at its own alone.
  std::set<std::pair<std::string, std::uint64_t>> carriers_;
  std::map<std::string, Entry> tallies_;
  std::size_t refused_until_sweep_ = 0;
  std::uint64_t now_ = 0;  // counts uses
};

}  // namespace carillon::transport
