// Who may do what. Anonymous clients only so far; a token's own permissions will join Identity.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "access/decision.hpp"
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

/// The word of `[access] anonymous`; empty for an action that cannot be granted there.
Bytes action_name(Action action);
/// The grantable action of that word: `subscribe`, `publish`, `history`, `ephemeral`.
std::optional<Action> parse_action(Bytes name);

/// Any number of actions, one bit each.
class ActionSet {
 public:
  void add(Action action) { bits_ |= bit(action); }
  bool has(Action action) const { return (bits_ & bit(action)) != 0; }
  bool operator==(const ActionSet&) const = default;

 private:
  static std::uint32_t bit(Action action) { return 1U << static_cast<unsigned>(action); }
  std::uint32_t bits_ = 0;
};

/// From where a client speaks, as far as a privilege may rest on it. A request that any proxy has
/// touched is Remote, whatever address it came from.
enum class Locality : std::uint8_t { Loopback, UnixSocket, Remote };

struct Identity {
  std::string user;  // empty: anonymous
};

/// Whether the configuration has an `[access]` section. Without it only loopback clients and
/// those on Unix sockets may do anything.
enum class Stance : std::uint8_t { LocalOnly, Configured };

struct Permissions {
  Stance stance = Stance::LocalOnly;
  ActionSet anonymous = {};  // used when Configured
};

/// Whether this client may do that in `channel` (empty for actions without one).
/// Errors: Unauthenticated where a token could help, else Forbidden.
Decision decide(const Permissions& permissions, const Identity& identity, Locality locality,
                Action action, Bytes channel);

}  // namespace carillon::access
