// The position cookie of long polling: it lets a client as plain as `while true; curl` continue
// where it stood. The value is the position list in its cookie form.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>

#include "access/origin_rule.hpp"
#include "core/bytes.hpp"

namespace carillon::access {

/// The value of the first cookie of that name in a Cookie field.
/// Source: RFC 6265 §5.4 (what user agents send); quotes around a value are kept, as there.
std::optional<Bytes> find_cookie(Bytes field, Bytes name);

/// `carillon_position_` and 16 hex digits that stand for the channels in their order. Not a
/// secret and no protection: it keeps two polls of other channels from overwriting each other.
/// Stable across versions and nodes (FNV-1a, 64 bits).
std::string position_cookie_name(std::span<const Bytes> channels);

constexpr std::chrono::seconds kPositionCookieAge{120};

/// A Set-Cookie value: HttpOnly, SameSite=Lax, Max-Age=120, that path, Secure where the client
/// came by https.
/// Errors: `value` must be cookie octets (RFC 6265 §4.1.1) and `path` one without `;`; both are the
///         server's own.
std::string format_position_cookie(Bytes name, Bytes value, Bytes path, Scheme scheme);

}  // namespace carillon::access
