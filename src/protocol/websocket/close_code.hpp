// The numbers that say why a WebSocket was closed.
#pragma once

#include <cstdint>

namespace carillon::websocket {

/// Source: RFC 6455 §7.4.1 and the IANA registry of close codes. Applications use 4000–4999,
/// registered libraries 3000–3999; those have no names here.
enum class CloseCode : std::uint16_t {
  Normal = 1000,
  GoingAway = 1001,
  ProtocolError = 1002,
  UnsupportedData = 1003,
  NoStatus = 1005,  // never in a frame: stands for a close frame without a code
  Abnormal = 1006,  // never in a frame: stands for a connection lost without one
  InvalidPayload = 1007,
  PolicyViolation = 1008,
  MessageTooBig = 1009,
  MandatoryExtension = 1010,
  InternalError = 1011,
  ServiceRestart = 1012,
  TryAgainLater = 1013,
  BadGateway = 1014,
  TlsHandshake = 1015,  // never in a frame
};

/// Whether a close frame may carry the code, from either side: 1000–1003, 1007–1014 and
/// 3000–4999. A server echoes even 1010, so there is no difference between the sides.
constexpr bool may_stand_in_frame(CloseCode code) {
  const auto number = static_cast<std::uint16_t>(code);
  return (number >= 1000 && number <= 1003) || (number >= 1007 && number <= 1014) ||
         (number >= 3000 && number <= 4999);
}

}  // namespace carillon::websocket
