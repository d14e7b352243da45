// Everything `[access]` says, ready to decide with. Immutable once made; reactors share it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "access/forwarded.hpp"
#include "access/host_rule.hpp"
#include "access/origin_rule.hpp"
#include "access/permissions.hpp"
#include "access/token.hpp"
#include "core/result.hpp"

namespace carillon::access {

/// `[access]` as text.
struct PolicyText {
  Stance stance = Stance::LocalOnly;
  std::vector<std::string> anonymous;
  std::vector<std::string> hosts;
  std::vector<std::string> origins;
  std::vector<std::string> trusted_proxies;
};

/// What says who somebody is.
struct Credentials {
  std::shared_ptr<const TokenRules> tokens;  // null: there are none
  std::shared_ptr<const ApiKeys> api_keys;   // null: there are none
};

struct Policy {
  Permissions permissions;
  HostList hosts;
  OriginList origins;
  AddressSet trusted_proxies;
  Credentials credentials;  // not of PolicyText
};

/// One entry that cannot be used, and what would be right.
struct PolicyError {
  std::string key;  // in `[access]`
  std::string message;
};

/// Errors: all of them at once.
Result<Policy, std::vector<PolicyError>> make_policy(const PolicyText& text);

}  // namespace carillon::access
