#include "protocol/turn/data_indication.hpp"

#include <algorithm>
#include <string>

#include "protocol/stun/message_writer.hpp"
#include "protocol/stun/octets.hpp"

namespace carillon::turn {

Bytes wrap_in_indication(RoomyPayload payload, const stun::TransportAddress& peer,
                         const stun::TransactionId& transaction_id) {
  stun::MessageWriter writer(stun::Method::Data, stun::MessageClass::Indication,
                             Bytes(transaction_id.data(), transaction_id.size()));
  writer.add_xor_address(stun::AttributeType::XorPeerAddress, peer);
  writer.add(stun::AttributeType::Data, {});
  std::string head = std::move(writer).take();
  // DATA was added empty: now it gets its length, and the message its own.
  const std::size_t padded = stun::padded(payload.size);
  stun::write_u16(head.data() + head.size() - 2, static_cast<std::uint16_t>(payload.size));
  stun::write_u16(head.data() + 2,
                  static_cast<std::uint16_t>(head.size() - stun::kHeaderBytes + padded));
  char* begin = payload.begin - head.size();
  std::ranges::copy(head, begin);
  std::fill(payload.begin + payload.size, payload.begin + padded, '\0');
  return {begin, head.size() + padded};
}

}  // namespace carillon::turn
