#include "access/host_rule.hpp"

#include <algorithm>

#include "access/authority.hpp"

namespace carillon::access {
namespace {

bool is_below(Bytes host, Bytes suffix) {
  return host.size() > suffix.size() &&
         equal_ignoring_case(host.substr(host.size() - suffix.size()), suffix);
}

}  // namespace

bool HostList::add(Bytes name) {
  if (name == "*") {
    all_ = true;
    return true;
  }
  const bool below = name.starts_with("*.");
  const auto authority = parse_authority(below ? name.substr(2) : name);
  if (!authority) return false;
  if (authority->kind == HostKind::Ip) return !below && !authority->port;  // allowed anyway
  if (name.find(':') != Bytes::npos) return false;
  if (below) {
    suffixes_.push_back("." + std::string(authority->host));
  } else {
    names_.emplace_back(authority->host);
  }
  return true;
}

bool HostList::has(Bytes host) const {
  const auto equals = [host](const std::string& name) { return equal_ignoring_case(host, name); };
  const auto below = [host](const std::string& suffix) { return is_below(host, suffix); };
  return all_ || std::any_of(names_.begin(), names_.end(), equals) ||
         std::any_of(suffixes_.begin(), suffixes_.end(), below);
}

Decision decide_host(const HostList& hosts, Bytes authority) {
  if (authority.empty()) return {};
  const auto parsed = parse_authority(authority);
  if (!parsed) {
    return refuse(Verdict::Forbidden, "Host " + in_quotes(authority) + " is not a host name");
  }
  const Bytes host = parsed->host;
  if (parsed->kind == HostKind::Ip || equal_ignoring_case(host, "localhost") ||
      is_below(host, ".localhost") || hosts.has(host)) {
    return {};
  }
  return refuse(Verdict::Forbidden, "this server does not answer to the name " + in_quotes(host) +
                                        "; if it should, add " + in_quotes(host) +
                                        " to [access] hosts");
}

}  // namespace carillon::access
