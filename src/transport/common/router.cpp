#include "transport/common/router.hpp"

#include <fmt/format.h>

namespace carillon::transport {
namespace {

bool serves(Bytes route_method, Bytes method) {
  return route_method == method || (route_method == "GET" && method == "HEAD");
}

}  // namespace

void Router::add(Bytes method, Bytes path, Route route) {
  paths_[std::string(path)].push_back({std::string(method), std::move(route)});
}

void Router::set_fallback(Route route) {
  fallback_ = std::move(route);
}

Router::Match Router::match(Bytes method, Bytes path) const {
  if (const auto* entries = find(path)) {
    for (const Entry& entry : *entries) {
      if (serves(entry.method, method)) return {.route = &entry.route};
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
  const auto* entries = find(path);
  if (entries == nullptr) return list;
  for (const Entry& entry : *entries) {
    append(entry.method);
    if (entry.method == "GET") append("HEAD");
  }
  append("OPTIONS");
  return list;
}

const std::vector<Router::Entry>* Router::find(Bytes path) const {
  const auto found = paths_.find(path);
  return found == paths_.end() ? nullptr : &found->second;
}

}  // namespace carillon::transport
