#include "access/action.hpp"

#include <array>

namespace carillon::access {
namespace {

struct Word {
  Action action;
  Bytes name;
  Bytes meaning;
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

}  // namespace

Bytes action_name(Action action) {
  const Word* word = find_word(action);
  return word == nullptr ? Bytes{} : word->name;
}

Bytes action_meaning(Action action) {
  const Word* word = find_word(action);
  return word == nullptr ? Bytes{} : word->meaning;
}

std::optional<Action> parse_action(Bytes name) {
  for (const Word& word : kGrantable) {
    if (word.name == name) return word.action;
  }
  return std::nullopt;
}

ActionSet ActionSet::every() {
  ActionSet all;
  for (const Word& word : kGrantable) all.add(word.action);
  return all;
}

}  // namespace carillon::access
