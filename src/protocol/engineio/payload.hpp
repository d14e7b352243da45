// Several packets in the body of one request or response: how long polling carries them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "protocol/engineio/packet.hpp"

namespace carillon::engineio {

/// Between two packets of a payload. JSON never holds it. Source: Engine.IO protocol v4, "HTTP
/// long-polling".
inline constexpr char kPacketSeparator = '\x1e';

/// How the packets of a payload are told apart.
enum class PayloadForm : std::uint8_t {
  Separated,      // version 4
  CountedText,    // version 3 (counted_payload.hpp)
  CountedOctets,  // the same, where the body is octets
};

/// Takes the packets out of a payload one by one.
/// Lifetime: borrows the payload; a binary packet is good until the next call.
class PayloadReader {
 public:
  explicit PayloadReader(Bytes payload, PayloadForm form = PayloadForm::Separated)
      : rest_(payload), form_(form) {}

  bool at_end() const { return at_end_; }
  /// What has not been taken yet.
  Bytes rest() const { return rest_; }
  /// The next one. Empty: that is no packet, or a binary one that is not base64.
  std::optional<Packet> next();

 private:
  std::optional<Packet> next_counted();

  Bytes rest_;
  PayloadForm form_;
  std::string octets_;  // of a binary packet
  bool at_end_ = false;
};

/// In the form of version 4: appends a packet, and before it the separator where there are others
/// already.
void append_to_payload(std::string& payload, const Packet& packet);

}  // namespace carillon::engineio
