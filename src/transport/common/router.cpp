#include "transport/common/router.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/check.hpp"

namespace carillon::transport {
namespace {

/// OPTIONS is answered from what there is; TRACE and CONNECT are nobody's.
constexpr std::array<Bytes, 6> kMethods = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"};

}  // namespace

Result<void, std::string> Router::try_add(Bytes method, Bytes path, Route route) {
  if (std::ranges::find(kMethods, method) == kMethods.end()) {
    return std::unexpected(fmt::format(
        "'{}' is no method for a route: GET, HEAD, POST, PUT, DELETE and PATCH are, and "
        "OPTIONS is answered by the server",
        method));
  }
  const auto pattern = PathPattern::parse(path);
  if (!pattern) {
    return std::unexpected(
        fmt::format("'{}' is no path for a route: give one like \"/rooms\", \"/rooms/:room\" or "
                    "\"/files/*\"",
                    path));
  }
  Entries& entries = pattern->has_parameters() ? entries_of(*pattern) : paths_[std::string(path)];
  for (const Entry& entry : entries) {
    if (entry.method == method) {
      return std::unexpected(fmt::format("{} {} is served already", method, path));
    }
  }
  entries.push_back({std::string(method), std::move(route)});
  return {};
}

void Router::add(Bytes method, Bytes path, Route route) {
  CARILLON_CHECK(try_add(method, path, std::move(route)).has_value());
}

Router::Entries& Router::entries_of(const PathPattern& pattern) {
  auto place = patterns_.begin();
  for (; place != patterns_.end(); ++place) {
    if (place->first.same_shape(pattern)) return place->second;
    if (pattern.says_more_than(place->first)) break;
  }
  return patterns_.insert(place, {pattern, {}})->second;
}

void Router::set_fallback(Route route, std::function<bool(Bytes path)> has) {
  fallback_ = std::move(route);
  fallback_has_ = std::move(has);
}

void Router::wrap_all(const std::function<Handler(Handler)>& wrap) {
  const auto wrap_entries = [&wrap](Entries& entries) {
    for (Entry& entry : entries) entry.route.handler = wrap(std::move(entry.route.handler));
  };
  for (auto& [path, entries] : paths_) wrap_entries(entries);
  for (auto& [pattern, entries] : patterns_) wrap_entries(entries);
  if (fallback_) fallback_->handler = wrap(std::move(fallback_->handler));
}

/// HEAD has a route of its own, or that of GET.
const Route* Router::route_of(const Entries& entries, Bytes method) {
  for (const Bytes wanted : {method, Bytes(method == "HEAD" ? "GET" : "")}) {
    for (const Entry& entry : entries) {
      if (entry.method == wanted) return &entry.route;
    }
  }
  return nullptr;
}

Router::Match Router::match(Bytes method, Bytes path) const {
  const auto exact = paths_.find(path);
  bool is_known = exact != paths_.end();
  const Route* route = is_known ? route_of(exact->second, method) : nullptr;
  if (route != nullptr) return {.route = route};
  for (const auto& [pattern, entries] : patterns_) {
    auto parameters = pattern.match(path);
    if (!parameters) continue;
    is_known = true;
    route = route_of(entries, method);
    if (route != nullptr) return {.route = route, .parameters = std::move(*parameters)};
  }
  if (is_known) return {.route = nullptr, .miss = Miss::MethodNotAllowed};
  if (!fallback_) return {};
  if (method == "GET" || method == "HEAD") return {.route = &*fallback_};
  return {.route = nullptr, .miss = fallback_has_(path) ? Miss::MethodNotAllowed : Miss::NotFound};
}

std::string Router::allowed_methods(Bytes path) const {
  std::string list;
  for (const Bytes method : kMethods) {
    const Match found = match(method, path);
    if (found.route == nullptr) continue;
    if (fallback_ && found.route == &*fallback_ && !fallback_has_(path)) continue;
    list.append(list.empty() ? "" : ", ").append(method);
  }
  return list.empty() ? list : list + ", OPTIONS";
}

}  // namespace carillon::transport
