// Several packets in the body of one request or response: how long polling carries them.
#pragma once

#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "protocol/engineio/packet.hpp"

namespace carillon::engineio {

/// Between two packets of a payload. JSON never holds it. Source: Engine.IO protocol v4, "HTTP
/// long-polling".
inline constexpr char kPacketSeparator = '\x1e';

/// Takes the packets out of a payload one by one.
/// Lifetime: borrows the payload; a binary packet is good until the next call.
class PayloadReader {
 public:
  explicit PayloadReader(Bytes payload) : rest_(payload) {}

  bool at_end() const { return at_end_; }
  /// What has not been taken yet.
  Bytes rest() const { return rest_; }
  /// The next one. Empty: that is no packet, or a binary one that is not base64.
  std::optional<Packet> next();

 private:
  Bytes rest_;
  std::string octets_;  // of a binary packet
  bool at_end_ = false;
};

/// Appends a packet, and before it the separator where there are others already.
void append_to_payload(std::string& payload, const Packet& packet);

}  // namespace carillon::engineio
