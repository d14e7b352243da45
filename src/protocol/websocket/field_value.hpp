// The grammar that the handshake's header fields share: tokens and comma-separated lists.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/bytes.hpp"

namespace carillon::websocket {

/// More names than anybody offers; keeps the comparison of all with all cheap.
inline constexpr std::size_t kMaxListItems = 64;

/// ASCII case only.
bool equals_ignoring_case(Bytes left, Bytes right);

/// One or more of the characters of RFC 9110 §5.6.2.
bool is_token_character(char character);
bool is_token(Bytes text);

/// Without spaces and tabs at the ends.
Bytes trimmed(Bytes text);

/// Whether a list over several field lines has the item, in any case.
bool list_contains(std::span<const Bytes> lines, Bytes item);

/// All items of a list over several field lines; empty elements are skipped (RFC 9110 §5.6.1).
/// Errors:   empty when an item is no token, or there are more than `kMaxListItems`.
/// Lifetime: the items are views into the lines.
std::optional<std::vector<Bytes>> parse_tokens(std::span<const Bytes> lines);

}  // namespace carillon::websocket
