// The nine octets in front of every frame, found in a connection's octets before nghttp2 sees them:
// some frames it passes over that the RFC wants judged.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/bytes.hpp"

namespace carillon::http2 {

/// RFC 9113 §6; others are ignored (§4.1).
enum class FrameType : std::uint8_t {
  Data = 0,
  Headers = 1,
  Priority = 2,
  ResetStream = 3,
  Settings = 4,
  PushPromise = 5,
  Ping = 6,
  GoAway = 7,
  WindowUpdate = 8,
  Continuation = 9,
};

inline constexpr std::uint8_t kEndStream = 0x1;   // of DATA and HEADERS
inline constexpr std::uint8_t kAck = 0x1;         // of SETTINGS and PING
inline constexpr std::uint8_t kEndHeaders = 0x4;  // of HEADERS and CONTINUATION

/// +-----------------------------------------------+
/// |                 Length (24)                   |
/// +---------------+---------------+---------------+
/// |   Type (8)    |   Flags (8)   |
/// +-+-------------+---------------+-------------------------------+
/// |R|                 Stream Identifier (31)                      |
/// +=+=============================================================+
/// Source: RFC 9113 §4.1.
struct FrameHeader {
  std::uint32_t payload_bytes = 0;
  FrameType type = FrameType::Data;
  std::uint8_t flags = 0;
  std::uint32_t stream = 0;

  bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
  bool operator==(const FrameHeader&) const = default;
};

inline constexpr std::size_t kFrameHeaderBytes = 9;
/// "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" (RFC 9113 §3.4).
inline constexpr Bytes kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

FrameHeader parse_frame_header(const std::array<char, kFrameHeaderBytes>& octets);

/// Walks a connection from its preface on, whatever pieces it comes in.
class FrameWalk {
 public:
  /// How many octets at the front of `input` belong together: up to the end of a frame's header,
  /// or of what is left of preface and payload. `header`: the one that became complete by them.
  /// Shape: at least 1 of a non-empty input.
  struct Step {
    std::size_t bytes = 0;
    std::optional<FrameHeader> header;
  };
  Step next(Bytes input);

  /// Whether the preface, a frame's header or a header section has begun and is not whole.
  bool awaits_head() const;

 private:
  void on_part_end();

  std::size_t skip_ = kPreface.size();  // octets until the next header
  std::array<char, kFrameHeaderBytes> octets_{};
  std::size_t filled_ = 0;
  bool begun_ = false;            // the preface is whole
  bool in_section_ = false;       // of header fields, its last frame included
  bool section_goes_on_ = false;  // beyond that frame
};

}  // namespace carillon::http2
