#include "access/permissions.hpp"

#include <utility>

namespace carillon::access {
namespace {

constexpr Bytes kUserNamespace = "user:";

bool is_of_user(Bytes channel, Bytes user) {
  return !user.empty() && channel.starts_with(kUserNamespace) &&
         channel.substr(kUserNamespace.size()) == user;
}

bool is_granted(const Permissions& permissions, const Identity& identity, Action action,
                Bytes channel) {
  if (identity.claims) {
    const bool is_own = is_of_user(channel, identity.user());
    if (is_own || identity.claims->grants.allow(action, channel)) return true;
  }
  return permissions.anonymous.has(action) && !channel.starts_with(kUserNamespace);
}

Decision refuse_grantable(const Identity& identity, Action action, Bytes channel) {
  std::string reason = identity.claims ? "this token's holder" : "anonymous clients";
  reason += " may not ";
  reason += action_meaning(action);
  reason += ' ';
  reason += channel.empty() ? "channels" : in_quotes(channel);
  if (identity.claims) return refuse(Verdict::Forbidden, std::move(reason));
  if (channel.starts_with(kUserNamespace)) {
    return refuse(Verdict::Unauthenticated, reason + "; it is its user's own");
  }
  reason += "; to let them, add \"";
  reason += action_name(action);
  reason += "\" to [access] anonymous";
  return refuse(Verdict::Unauthenticated, std::move(reason));
}

}  // namespace

Decision decide(const Permissions& permissions, const Identity& identity, Locality locality,
                Action action, Bytes channel) {
  const bool local = locality != Locality::Remote;
  if (permissions.stance == Stance::LocalOnly) {
    if (local) return {};
    return refuse(Verdict::Forbidden,
                  "only clients on this machine are served; to let others in, write an [access] "
                  "section that says what anonymous clients may do");
  }
  if (action_name(action).empty()) {
    if (local) return {};
    return refuse(Verdict::Forbidden,
                  "only for clients on this machine that are no proxy and come through none; "
                  "whoever is in [access] trusted_proxies counts as one");
  }
  if (is_granted(permissions, identity, action, channel)) return {};
  return refuse_grantable(identity, action, channel);
}

}  // namespace carillon::access
