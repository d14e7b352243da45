#include "transport/common/router.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/check.hpp"

namespace carillon::transport {
namespace {

bool serves(Bytes route_method, Bytes method) {
  return route_method == method || (route_method == "GET" && method == "HEAD");
}

}  // namespace

Result<void, std::string> Router::try_add(Bytes method, Bytes path, Route route) {
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

void Router::set_fallback(Route route) {
  fallback_ = std::move(route);
}

Router::Match Router::match(Bytes method, Bytes path) const {
  Found found = find(path);
  if (found.entries != nullptr) {
    for (const Entry& entry : *found.entries) {
      if (serves(entry.method, method)) {
        return {.route = &entry.route, .parameters = std::move(found.parameters)};
      }
    }
    return {.route = nullptr, .miss = Miss::MethodNotAllowed};
  }
  if (!fallback_) return {};
  if (serves("GET", method)) return {.route = &*fallback_};
  return {.route = nullptr, .miss = Miss::NotFound};
}

std::string Router::allowed_methods(Bytes path) const {
  std::string list;
  const auto append = [&list](Bytes method) {
    if (!list.empty()) list.append(", ");
    list.append(method);
  };
  const Entries* entries = find(path).entries;
  if (entries == nullptr) return list;
  for (const Entry& entry : *entries) {
    append(entry.method);
    if (entry.method == "GET") append("HEAD");
  }
  append("OPTIONS");
  return list;
}

Router::Found Router::find(Bytes path) const {
  const auto found = paths_.find(path);
  if (found != paths_.end()) return {.entries = &found->second};
  for (const auto& [pattern, entries] : patterns_) {
    if (auto parameters = pattern.match(path)) {
      return {.entries = &entries, .parameters = std::move(*parameters)};
    }
  }
  return {};
}

}  // namespace carillon::transport
