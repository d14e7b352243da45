#include "access/policy.hpp"

namespace carillon::access {
namespace {

/// Adds each entry with `add`, and notes those it will not have.
template <class Add>
void add_all(const std::vector<std::string>& entries, const std::string& key, Add add,
             const std::string& expected, std::vector<PolicyError>& errors) {
  for (const std::string& entry : entries) {
    if (!add(entry)) errors.push_back({key, in_quotes(entry) + " is not " + expected});
  }
}

}  // namespace

Result<Policy, std::vector<PolicyError>> make_policy(const PolicyText& text) {
  Policy policy;
  std::vector<PolicyError> errors;
  policy.permissions.stance = text.stance;
  const auto grant = [&policy](const std::string& name) {
    const auto action = parse_action(name);
    if (action) policy.permissions.anonymous.add(*action);
    return action.has_value();
  };
  add_all(text.anonymous, "anonymous", grant, "one of " + channel_action_list(), errors);
  add_all(
      text.hosts, "hosts", [&policy](Bytes name) { return policy.hosts.add(name); },
      "a host name without scheme, port and path, e.g. \"example.com\", \"*.example.com\"", errors);
  add_all(
      text.origins, "origins", [&policy](Bytes origin) { return policy.origins.add(origin); },
      "an origin without path, e.g. \"https://example.com\", \"https://*.example.com\", or "
      "\"null\" "
      "or \"*\"",
      errors);
  add_all(
      text.trusted_proxies, "trusted_proxies",
      [&policy](Bytes proxy) { return policy.trusted_proxies.add(proxy); },
      "an address or a block with nothing set after its prefix, e.g. \"127.0.0.1\", "
      "\"10.0.0.0/8\", "
      "\"fd00::/8\", or \"unix:\"",
      errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return policy;
}

}  // namespace carillon::access
