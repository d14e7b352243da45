// ChannelData: four octets in front of a payload instead of a whole STUN message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/bytes.hpp"

namespace carillon::turn {

inline constexpr std::size_t kChannelHeadBytes = 4;

/// RFC 8656 §12 ends the range at 0x4FFF, and RFC 5766, by which clients still count, at 0x7FFE.
inline constexpr std::uint16_t kFirstChannel = 0x4000;
inline constexpr std::uint16_t kLastChannel = 0x7FFE;

inline constexpr bool is_channel(std::uint16_t number) {
  return number >= kFirstChannel && number <= kLastChannel;
}

/// Whether octets that come from a client are ChannelData: STUN messages begin with two zero bits.
inline bool looks_like_channel_data(Bytes octets) {
  return !octets.empty() && (static_cast<unsigned char>(octets[0]) & 0xC0) == 0x40;
}

struct ChannelData {
  std::uint16_t channel = 0;
  Bytes payload;
};

/// Reads a whole datagram, or a frame of a stream.
///
///     0                   1                   2                   3
///    +-------------------------------+-------------------------------+
///    |         channel number        |       octets of payload       |
///    +-------------------------------+-------------------------------+
///    |  payload; over a stream padded to a multiple of 4             |
///
/// Shape:  empty where it is cut, or the number is none; octets behind the payload are padding.
/// Source: RFC 8656 §12.4, §12.5.
std::optional<ChannelData> read_channel_data(Bytes octets);

/// Writes the head in front of a payload: `out` has kChannelHeadBytes.
void write_channel_head(char* out, std::uint16_t channel, std::size_t payload_bytes);

}  // namespace carillon::turn
