// Who may do what.
#pragma once

#include <cstdint>
#include <memory>

#include "access/action.hpp"
#include "access/claims.hpp"
#include "access/decision.hpp"
#include "core/bytes.hpp"

namespace carillon::access {

/// From where a client speaks, as far as a privilege may rest on it. A request that any proxy has
/// touched is Remote, whatever address it came from.
enum class Locality : std::uint8_t { Loopback, UnixSocket, Remote };

struct Identity {
  std::shared_ptr<const Claims> claims = nullptr;  // of the token; null: anonymous

  /// Empty: nobody is named.
  Bytes user() const { return claims ? Bytes(claims->user) : Bytes{}; }
};

/// Whether the configuration has an `[access]` section. Without it only loopback clients and
/// those on Unix sockets may do anything.
enum class Stance : std::uint8_t { LocalOnly, Configured };

struct Permissions {
  Stance stance = Stance::LocalOnly;
  ActionSet anonymous = {};  // used when Configured
};

/// Whether this client may do that in `channel` (empty for actions without one). What anonymous
/// clients may do, all may, but in the channels `user:NAME`: they are of the user of that name, and
/// of tokens that say so.
/// Errors: Unauthenticated where a token could help, else Forbidden.
Decision decide(const Permissions& permissions, const Identity& identity, Locality locality,
                Action action, Bytes channel);

}  // namespace carillon::access
