#include "access/permissions.hpp"

#include <array>

namespace carillon::access {
namespace {

struct Word {
  Action action;
  Bytes name;     // in the configuration
  Bytes meaning;  // in a sentence
};

constexpr std::array kGrantable = {
    Word{Action::Subscribe, "subscribe", "subscribe to"},
    Word{Action::Publish, "publish", "publish to"},
    Word{Action::History, "history", "read the history of"},
    Word{Action::Ephemeral, "ephemeral", "send ephemeral messages to"},
};

const Word* find_word(Action action) {
  for (const Word& word : kGrantable) {
    if (word.action == action) return &word;
  }
  return nullptr;
}

Decision refuse_grantable(const Word& word, const Identity& identity, Bytes channel) {
  const bool anonymous = identity.user.empty();
  std::string reason = anonymous ? "anonymous clients" : "this user";
  reason += " may not ";
  reason += word.meaning;
  reason += ' ';
  reason += channel.empty() ? "channels" : in_quotes(channel);
  if (!anonymous) return refuse(Verdict::Forbidden, std::move(reason));
  reason += "; to let them, add \"";
  reason += word.name;
  reason += "\" to [access] anonymous";
  return refuse(Verdict::Unauthenticated, std::move(reason));
}

}  // namespace

Bytes action_name(Action action) {
  const Word* word = find_word(action);
  return word == nullptr ? Bytes{} : word->name;
}

std::optional<Action> parse_action(Bytes name) {
  for (const Word& word : kGrantable) {
    if (word.name == name) return word.action;
  }
  return std::nullopt;
}

Decision decide(const Permissions& permissions, const Identity& identity, Locality locality,
                Action action, Bytes channel) {
  const bool local = locality != Locality::Remote;
  if (permissions.stance == Stance::LocalOnly) {
    if (local) return {};
    return refuse(Verdict::Forbidden,
                  "only clients on this machine are served; to let others in, write an [access] "
                  "section that says what anonymous clients may do");
  }
  const Word* word = find_word(action);
  if (word == nullptr) {
    if (local) return {};
    return refuse(Verdict::Forbidden,
                  "only for clients on this machine that are no proxy and come through none; "
                  "whoever is in [access] trusted_proxies counts as one");
  }
  if (permissions.anonymous.has(action)) return {};
  return refuse_grantable(*word, identity, channel);
}

}  // namespace carillon::access
