#include "access/permissions.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

namespace carillon::access {
namespace {

constexpr Bytes kUserNamespace = "user:";

Bytes namespace_of(Bytes channel) {
  const std::size_t colon = channel.find(':');
  return colon == Bytes::npos ? Bytes{} : channel.substr(0, colon);
}

bool is_of_user(Bytes channel, Bytes user) {
  return !user.empty() && channel.starts_with(kUserNamespace) &&
         channel.substr(kUserNamespace.size()) == user;
}

bool is_in(Audience audience, const Identity& identity, Action action, Bytes channel) {
  if (audience == Audience::Anyone) return true;
  if (!identity.claims) return false;
  if (audience == Audience::Authenticated && !identity.user().empty()) return true;
  return is_of_user(channel, identity.user()) || identity.claims->grants.allow(action, channel);
}

/// `publish to 'chat:room'`
std::string sentence_of(Action action, Bytes channel) {
  std::string sentence(action_meaning(action));
  if (!is_channel_action(action)) {
    return channel.empty() ? sentence : sentence + " in " + in_quotes(channel);
  }
  sentence += ' ';
  return sentence += channel.empty() ? "channels" : in_quotes(channel);
}

Decision refuse_channel_action(const Permissions& permissions, const Identity& identity,
                               Action action, Bytes channel) {
  std::string reason = identity.claims ? "this token's holder" : "anonymous clients";
  reason += " may not " + sentence_of(action, channel);
  if (identity.claims) return refuse(Verdict::Forbidden, std::move(reason));
  if (channel.starts_with(kUserNamespace)) {
    return refuse(Verdict::Unauthenticated, reason + "; it is its user's own");
  }
  const auto rules = permissions.namespaces.find(namespace_of(channel));
  const bool is_own =
      rules != permissions.namespaces.end() && rules->second.of(action) != Audience::Default;
  if (is_own) {
    reason += "; [namespace." + rules->first + "] allow_";
    reason += action_name(action);
    reason += " says who may";
  } else {
    reason += "; to let them, add \"";
    reason += action_name(action);
    reason += "\" to [access] anonymous";
  }
  return refuse(Verdict::Unauthenticated, std::move(reason));
}

Decision refuse_remote() {
  return refuse(Verdict::Forbidden,
                "only clients on this machine are served; to let others in, write an [access] "
                "section that says what anonymous clients may do");
}

Decision decide_for_client(const Permissions& permissions, const Identity& identity,
                           Locality locality, Action action, Bytes channel) {
  const Audience audience = audience_of(permissions, action, channel);
  const bool local = locality != Locality::Remote;
  if (permissions.stance == Stance::LocalOnly && !local) return refuse_remote();
  if (audience == Audience::Server) {
    return refuse(Verdict::Forbidden,
                  "only back ends with an API key may " + sentence_of(action, channel));
  }
  if (permissions.stance == Stance::LocalOnly || is_in(audience, identity, action, channel)) {
    return {};
  }
  return refuse_channel_action(permissions, identity, action, channel);
}

Decision decide_for_back_end(const ApiKey& key, Action action, Bytes channel) {
  const bool allowed =
      is_channel_action(action)
          ? key.grants.allow(action, channel)
          : key.scopes.has(action) && (channel.empty() || key.grants.cover(channel));
  if (allowed) return {};
  return refuse(Verdict::Forbidden, "the API key " + in_quotes(key.name) + " may not " +
                                        sentence_of(action, channel) + "; [api_key." + key.name +
                                        "] scopes and channels say what it may");
}

/// Whether clients without a token may do anything in any channel.
bool lets_anonymous_in(const Permissions& permissions) {
  if (permissions.anonymous != ActionSet()) return true;
  return std::ranges::any_of(permissions.namespaces, [](const auto& entry) {
    const auto actions = std::views::iota(std::size_t{0}, kChannelActionCount);
    return std::ranges::any_of(actions, [&](std::size_t action) {
      return entry.second.of(static_cast<Action>(action)) == Audience::Anyone;
    });
  });
}

/// What operators see: whoever is on this machine is one.
bool is_for_operators(Action action) {
  return action == Action::ListChannels || action == Action::Observe;
}

Decision decide_for_operator(Locality locality, Action action) {
  if (!is_for_operators(action)) {
    return refuse(Verdict::Unauthenticated, "only back ends may " + sentence_of(action, {}) +
                                                ": send an API key that has the scope \"" +
                                                std::string(action_name(action)) +
                                                "\" as a bearer token");
  }
  if (locality != Locality::Remote) return {};
  return refuse(Verdict::Forbidden,
                "only for API keys with the scope \"" + std::string(action_name(action)) +
                    "\", and for clients on this machine that are no proxy and come through "
                    "none; whoever is in [access] trusted_proxies counts as one");
}

}  // namespace

Audience audience_of(const Permissions& permissions, Action action, Bytes channel) {
  Audience audience = Audience::Default;
  if (!permissions.namespaces.empty()) {
    const auto rules = permissions.namespaces.find(namespace_of(channel));
    if (rules != permissions.namespaces.end()) audience = rules->second.of(action);
  }
  if (audience == Audience::Default) {
    audience = permissions.anonymous.has(action) ? Audience::Anyone : Audience::Token;
  }
  const bool is_users = audience != Audience::Server && channel.starts_with(kUserNamespace);
  return is_users ? Audience::Token : audience;
}

Decision decide(const Permissions& permissions, const Identity& identity, Locality locality,
                Action action, Bytes channel) {
  if (identity.api_key) return decide_for_back_end(*identity.api_key, action, channel);
  if (!is_channel_action(action)) return decide_for_operator(locality, action);
  return decide_for_client(permissions, identity, locality, action, channel);
}

Decision decide_entry(const Permissions& permissions, const Identity& identity, Locality locality) {
  if (identity.api_key) return {};
  if (permissions.stance == Stance::LocalOnly) {
    return locality == Locality::Remote ? refuse_remote() : Decision();
  }
  if (identity.claims || lets_anonymous_in(permissions)) return {};
  return refuse(Verdict::Unauthenticated,
                "this is for clients with a token; [access] anonymous lets those without one do "
                "nothing");
}

}  // namespace carillon::access
