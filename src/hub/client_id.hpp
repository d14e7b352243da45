// Names one running program of a user: the session's name on the wire.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/bytes.hpp"

namespace carillon::hub {

/// 64 random bits; 0 names nobody. `value % reactor_count` is the reactor that made it, which
/// knows who holds the session. (After a restart with another number of reactors that is merely
/// another reactor than the one that made it.)
struct ClientId {
  std::uint64_t value = 0;

  /// A fresh one that is at home on reactor `own` of `reactor_count`.
  static ClientId random(std::size_t own, std::size_t reactor_count);

  auto operator<=>(const ClientId&) const = default;
  explicit operator bool() const { return value != 0; }
};

/// `c_` and 13 characters of `[a-z2-9]` without `l` and `o`.
std::string to_text(ClientId client);
void append_text(std::string& out, ClientId client);
/// Empty unless the text is exactly what `to_text` makes of some id.
std::optional<ClientId> parse_client_id(Bytes text);

}  // namespace carillon::hub

template <>
struct std::hash<carillon::hub::ClientId> {
  std::size_t operator()(const carillon::hub::ClientId& client) const noexcept {
    return std::hash<std::uint64_t>{}(client.value);
  }
};
