// Data indications, written around a payload where it lies.
#pragma once

#include <cstddef>
#include <span>

#include "core/bytes.hpp"
#include "protocol/stun/message.hpp"
#include "protocol/stun/transport_address.hpp"

namespace carillon::turn {

/// Octets in front of a peer's payload for the largest head: header, XOR-PEER-ADDRESS of IPv6, and
/// the head of DATA.
inline constexpr std::size_t kHeadroom = 20 + 24 + 4;
/// Octets behind it for the padding.
inline constexpr std::size_t kTailroom = 3;

/// A payload with free octets on either side.
struct RoomyPayload {
  char* begin = nullptr;  // kHeadroom octets before it are free
  std::size_t size = 0;   // kTailroom octets behind it are free
};

/// The whole indication, of which the payload is now a part.
/// Source: RFC 8656 §11.3.
Bytes wrap_in_indication(RoomyPayload payload, const stun::TransportAddress& peer,
                         const stun::TransactionId& transaction_id);

}  // namespace carillon::turn
