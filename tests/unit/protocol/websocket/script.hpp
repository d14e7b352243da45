// Scripts for the receiver's tests: frames as a peer would send them, ways to cut them into
// pieces, and what came out as lines that read well in a failure.
#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "protocol/websocket/receiver.hpp"

namespace carillon::websocket::script {

inline constexpr MaskKey kMask{0x37, 0xFA, 0x21, 0x3D};

struct Frame {
  Opcode opcode = Opcode::Text;
  std::string payload = {};
  bool is_final = true;
  ReservedBits reserved_bits = kNoReservedBits;
};

/// The frame as `sender` puts it on the wire.
inline std::string wire(const Frame& frame, Role sender = Role::Client) {
  const bool masked = sender == Role::Client;
  const EncodedFrameHeader header({
      .opcode = frame.opcode,
      .is_final = frame.is_final,
      .reserved_bits = frame.reserved_bits,
      .mask = masked ? std::optional(kMask) : std::nullopt,
      .payload_bytes = frame.payload.size(),
  });
  std::string octets(header.view());
  const std::size_t header_bytes = octets.size();
  octets.append(frame.payload);
  if (masked) apply_mask(std::span(octets).subspan(header_bytes), kMask, 0);
  return octets;
}

inline std::string wire(const std::vector<Frame>& frames, Role sender = Role::Client) {
  std::string octets;
  for (const Frame& frame : frames) octets.append(wire(frame, sender));
  return octets;
}

inline std::string close_code(unsigned number) {
  return {static_cast<char>(number >> 8), static_cast<char>(number & 0xFF)};
}

struct Printer {
  std::string operator()(const Message& message) const {
    const char* kind = message.opcode == Opcode::Text ? "text" : "binary";
    const char* mark = message.reserved_bits == kNoReservedBits ? "" : "*";
    return fmt::format("{}{} {}", kind, mark, message.payload);
  }
  std::string operator()(const Ping& ping) const { return fmt::format("ping {}", ping.payload); }
  std::string operator()(const Pong& pong) const { return fmt::format("pong {}", pong.payload); }
  std::string operator()(const Close& close) const {
    return fmt::format("close {} {}", static_cast<unsigned>(close.code), close.reason);
  }
};

using Lines = std::vector<std::string>;

/// Feeds one piece, from a copy as exact as a sanitizer wants it, and appends what came out.
/// False once the connection has failed.
inline bool feed(Receiver& receiver, Bytes piece, Lines& lines) {
  std::vector<char> octets(piece.begin(), piece.end());
  std::span<char> input(octets);
  while (true) {
    const auto event = receiver.next(input);
    if (!event) {
      lines.push_back(fmt::format("error {} {}",
                                  static_cast<unsigned>(close_code_of(event.error())),
                                  describe(event.error())));
      return false;
    }
    if (!*event) return true;
    lines.push_back(std::visit(Printer{}, **event));
  }
}

/// Feeds `octets` in pieces of `piece_bytes`, after a first one of `first_bytes`.
inline Lines run(Receiver receiver, Bytes octets, std::size_t piece_bytes,
                 std::size_t first_bytes = 0) {
  Lines lines;
  std::size_t size = first_bytes == 0 ? piece_bytes : first_bytes;
  while (!octets.empty()) {
    if (!feed(receiver, octets.substr(0, size), lines)) break;
    octets.remove_prefix(std::min(size, octets.size()));
    size = piece_bytes;
  }
  return lines;
}

inline Lines run_whole(Receiver receiver, Bytes octets) {
  return run(std::move(receiver), octets, octets.size());
}

}  // namespace carillon::websocket::script
