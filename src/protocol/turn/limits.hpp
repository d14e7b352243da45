// Every bound of this module, with its unit and its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "core/time.hpp"

namespace carillon::turn::limits {

/// An allocation lives so long unless its client asks for more (RFC 8656 §3.2: 10 minutes) …
inline constexpr Duration kDefaultLifetime = std::chrono::minutes(10);
/// … and no longer than this without a refresh (§7.2: 3600 seconds are recommended).
inline constexpr Duration kMaxLifetime = std::chrono::hours(1);
/// RFC 8656 §9: "The Permission Lifetime MUST be 300 seconds".
inline constexpr Duration kPermissionLife = std::chrono::minutes(5);
/// RFC 8656 §12: "Channel bindings last for 10 minutes unless refreshed".
inline constexpr Duration kChannelLife = std::chrono::minutes(10);
/// Addresses that one allocation may exchange data with: a browser asks for each candidate of each
/// peer, which are some tens.
inline constexpr std::size_t kPermissions = 256;
/// Channels of one allocation: one for each peer that data really flows to.
inline constexpr std::size_t kChannels = 256;
/// Octets of a request or an indication without data: more is no request of a real client.
inline constexpr std::size_t kRequestBytes = 2048;
/// Octets of a datagram of a peer: what a Data indication can hold with the largest address
/// (RFC 8656 §11.6; its length has 16 bits). Networks carry less than 1,500 in one piece.
inline constexpr std::size_t kPayloadBytes = 65'500;
/// Allocations that have come to their end are looked at this many at a time.
inline constexpr std::size_t kExpiriesPerStep = 1000;

}  // namespace carillon::turn::limits
