// What clients may do, one word each.
#pragma once

#include <cstdint>
#include <optional>

#include "core/bytes.hpp"

namespace carillon::access {

enum class Action : std::uint8_t {
  Subscribe,  // SSE, long polling, WebSocket subscribe; polling on from a position
  Publish,
  History,  // any other poll, the `history` command, WebSocket subscribe with `history`
  Ephemeral,
  ListChannels,  // GET /api/channels
  Observe,       // GET /readyz, GET /metrics
};

/// The word of `[access] anonymous` and of tokens; empty for an action that cannot be granted.
Bytes action_name(Action action);
/// What it is in a sentence, before a channel's name: `subscribe to`; empty as above.
Bytes action_meaning(Action action);
/// The grantable action of that word: `subscribe`, `publish`, `history`, `ephemeral`.
std::optional<Action> parse_action(Bytes name);

/// Any number of actions, one bit each.
class ActionSet {
 public:
  /// All that can be granted.
  static ActionSet every();

  void add(Action action) { bits_ |= bit(action); }
  bool has(Action action) const { return (bits_ & bit(action)) != 0; }
  bool operator==(const ActionSet&) const = default;

 private:
  static std::uint32_t bit(Action action) { return 1U << static_cast<unsigned>(action); }
  std::uint32_t bits_ = 0;
};

}  // namespace carillon::access
