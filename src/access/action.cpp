#include "access/action.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace carillon::access {
namespace {

struct Word {
  Action action;
  Bytes name;
  Bytes meaning;
};

/// In the order of the enumeration.
constexpr std::array kWords = {
    Word{Action::Subscribe, "subscribe", "subscribe to"},
    Word{Action::Publish, "publish", "publish to"},
    Word{Action::History, "history", "read the history of"},
    Word{Action::Ephemeral, "ephemeral", "send ephemeral messages to"},
    Word{Action::Presence, "presence", "see who is in"},
    Word{Action::ListChannels, "channels", "list the channels"},
    Word{Action::Observe, "observe", "read metrics and readiness"},
    Word{Action::ManageClients, "clients", "manage clients"},
    Word{Action::Revoke, "revoke", "revoke tokens"},
    Word{Action::DeleteHistory, "delete", "delete a history"},
};

constexpr std::span<const Word> kChannelWords(kWords.data(), kChannelActionCount);

const Word& word_of(Action action) {
  return kWords[static_cast<std::size_t>(action)];
}

std::optional<Action> find_in(std::span<const Word> words, Bytes name) {
  const auto found = std::ranges::find(words, name, &Word::name);
  return found == words.end() ? std::nullopt : std::optional(found->action);
}

std::string list_of(std::span<const Word> words) {
  std::string list;
  for (const Word& word : words) {
    list += list.empty() ? "\"" : ", \"";
    list += word.name;
    list += '"';
  }
  return list;
}

ActionSet all_of(std::span<const Word> words) {
  ActionSet all;
  for (const Word& word : words) all.add(word.action);
  return all;
}

}  // namespace

Bytes action_name(Action action) {
  return word_of(action).name;
}

Bytes action_meaning(Action action) {
  return word_of(action).meaning;
}

std::optional<Action> parse_action(Bytes name) {
  return find_in(kChannelWords, name);
}

std::optional<Action> parse_scope(Bytes name) {
  return find_in(kWords, name);
}

std::string channel_action_list() {
  return list_of(kChannelWords);
}

std::string scope_list() {
  return list_of(kWords);
}

ActionSet ActionSet::every() {
  return all_of(kChannelWords);
}

ActionSet ActionSet::every_scope() {
  return all_of(kWords);
}

}  // namespace carillon::access
