// Client frames are masked so that no proxy mistakes their payload for a request of its own
// (RFC 6455 §5.3, §10.3).
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace carillon::websocket {

/// The four octets as they stand on the wire.
using MaskKey = std::array<std::uint8_t, 4>;

/// Masks or unmasks a piece of a payload in place: the operation is its own inverse.
/// Units: `offset` is where the piece begins in its payload, in bytes.
void apply_mask(std::span<char> piece, MaskKey key, std::uint64_t offset);

}  // namespace carillon::websocket
