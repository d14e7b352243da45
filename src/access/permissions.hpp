// Who may do what.
#pragma once

#include <cstdint>
#include <memory>

#include "access/action.hpp"
#include "access/api_key.hpp"
#include "access/audience.hpp"
#include "access/claims.hpp"
#include "access/decision.hpp"
#include "core/bytes.hpp"

namespace carillon::access {

/// From where a client speaks, as far as a privilege may rest on it. A request that any proxy has
/// touched is Remote, whatever address it came from.
enum class Locality : std::uint8_t { Loopback, UnixSocket, Remote };

/// A client, or a back end that has shown its API key.
struct Identity {
  std::shared_ptr<const Claims> claims = nullptr;   // of the token; null: anonymous
  std::shared_ptr<const ApiKey> api_key = nullptr;  // null: a client

  /// Empty: nobody is named.
  Bytes user() const { return claims ? Bytes(claims->user) : Bytes{}; }
};

/// Whether the configuration has an `[access]` section. Without it only loopback clients and
/// those on Unix sockets may do anything.
enum class Stance : std::uint8_t { LocalOnly, Configured };

struct Permissions {
  Stance stance = Stance::LocalOnly;
  ActionSet anonymous = {};    // used when Configured
  AudienceTable namespaces{};  // what they say for themselves
};

/// Who may do that in `channel`, as its namespace or else `[access] anonymous` says. Never Default.
Audience audience_of(const Permissions& permissions, Action action, Bytes channel);

/// Whether this client may do that in `channel` (empty for actions without one; an API key does
/// what is no channel action to the channels of its patterns). The channels `user:NAME` are of the
/// user of that name, and of tokens that say so, whoever else may do what elsewhere. What is
/// Server's, and clients' and tokens' affairs, only API keys may. Errors: Unauthenticated where a
/// token or a key could help, else Forbidden.
Decision decide(const Permissions& permissions, const Identity& identity, Locality locality,
                Action action, Bytes channel);

/// Whether this client may come in at all: it has shown a token or a key, or clients without one
/// may do anything anywhere. For what is in no channel. Errors: as of decide.
Decision decide_entry(const Permissions& permissions, const Identity& identity, Locality locality);

}  // namespace carillon::access
