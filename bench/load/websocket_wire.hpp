// A WebSocket's frames from the client's side; apart from the project's own codec, which is among
// what is tested.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace carillon::bench {

struct ServerFrame {
  std::uint8_t opcode = 0;
  std::string_view payload;
};

inline constexpr std::uint8_t kTextFrame = 0x1;
inline constexpr std::uint8_t kBinaryFrame = 0x2;
inline constexpr std::uint8_t kCloseFrame = 0x8;
inline constexpr std::uint8_t kPingFrame = 0x9;
inline constexpr std::uint8_t kPongFrame = 0xA;

/// Takes a whole frame off the front of `input`; empty while it is incomplete.
/// Errors: throws WireError for a fragment, a mask or a reserved bit: nothing here asks for them.
std::optional<ServerFrame> take_frame(std::string_view& input);

/// Appends a masked frame.
void append_client_frame(std::string& out, std::uint8_t opcode, std::string_view payload);

/// The request that opens a WebSocket.
std::string upgrade_fields();

}  // namespace carillon::bench
