// STUN messages and ChannelData one after the other on a TCP or TLS stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace carillon::turn {

/// The end of the connection: where the next frame begins cannot be known any more.
enum class FrameError : std::uint8_t {
  NeitherKind,  // RFC 8656 §12.5: the first two bits are neither 00 nor 01
  NotStun,      // RFC 8489 §5: the magic cookie is missing, or the length is no multiple of 4
};

/// Octets of the largest frame: 16 bits of length, the larger head, and padding.
inline constexpr std::size_t kMaxFrameBytes = 20 + 65'536;

struct Frame {
  Bytes message;                 // without padding
  std::size_t stream_bytes = 0;  // with it
};

/// Finds the frame at the front of `input`.
/// Shape:  incomplete → empty optional; ChannelData is padded to a multiple of 4.
/// Errors: see FrameError; told as soon as the octets that are there show it.
/// Source: RFC 8489 §6.2.2; RFC 8656 §12.5.
Result<std::optional<Frame>, FrameError> next_frame(Bytes input);

}  // namespace carillon::turn
