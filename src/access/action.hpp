// What clients and back ends may do, one word each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.hpp"

namespace carillon::access {

/// The first ones are done in a channel, and can be granted to clients; see kChannelActionCount.
enum class Action : std::uint8_t {
  Subscribe,  // SSE, long polling, WebSocket subscribe; polling on from a position or a time
  Publish,
  History,  // the latest, pages of `history`, WebSocket subscribe with `history`
  Ephemeral,
  Presence,
  ListChannels,   // GET /api/channels
  Observe,        // GET /readyz, GET /metrics
  ManageClients,  // list, subscribe, unsubscribe and disconnect clients
  Revoke,
  DeleteHistory,
};

inline constexpr std::size_t kChannelActionCount = 5;

/// Done by clients in a channel, as opposed to what operators and back ends do.
constexpr bool is_channel_action(Action action) {
  return static_cast<std::size_t>(action) < kChannelActionCount;
}

/// The word for it in `[access] anonymous`, tokens and scopes of API keys.
Bytes action_name(Action action);
/// What it is in a sentence, before a channel's name where it is a channel action:
/// `subscribe to`.
Bytes action_meaning(Action action);

/// The channel action of that word.
std::optional<Action> parse_action(Bytes name);
/// Any action of that word.
std::optional<Action> parse_scope(Bytes name);

/// All words of channel actions, in quotes: for messages.
std::string channel_action_list();
std::string scope_list();

/// Any number of actions, one bit each.
class ActionSet {
 public:
  /// All channel actions.
  static ActionSet every();
  /// All there are.
  static ActionSet every_scope();

  void add(Action action) { bits_ |= bit(action); }
  bool has(Action action) const { return (bits_ & bit(action)) != 0; }
  bool operator==(const ActionSet&) const = default;

 private:
  static std::uint32_t bit(Action action) { return 1U << static_cast<unsigned>(action); }
  std::uint32_t bits_ = 0;
};

}  // namespace carillon::access
