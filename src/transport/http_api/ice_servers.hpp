// Where the peers of a call find each other's ways, as a browser's RTCPeerConnection takes it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "core/time.hpp"
#include "transport/common/settings.hpp"

namespace carillon::transport {

/// A port that clients of this server's relay come to.
struct RelayDoor {
  enum class Kind : std::uint8_t { UdpAndTcp, Tls };
  std::uint16_t port = 0;
  Kind kind = Kind::UdpAndTcp;

  bool operator==(const RelayDoor&) const = default;
};

using RelayDoors = std::vector<RelayDoor>;

/// Once: addresses of both families have the same port.
void add_door(RelayDoors& doors, const RelayDoor& door);

/// Whom the answer is for.
struct IceClient {
  Bytes name;       // the relay counts by it
  Bytes authority;  // the host that it has asked, with or without a port; may be empty
  Timestamp now;
  Timestamp expiry;  // what it is given counts no longer
};

/// The answer of `GET /api/rtc/config`: an RTCConfiguration (W3C WebRTC §4.2.1) in JSON, with
/// `ttl_s` beside it, which browsers ignore. The URLs are those of RFC 7064 and RFC 7065.
std::string ice_configuration(const RtcSettings& settings, const RelayDoors& doors,
                              const IceClient& client);

}  // namespace carillon::transport
