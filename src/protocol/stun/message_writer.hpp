// Writing a STUN message, attribute by attribute.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/bytes.hpp"
#include "protocol/stun/error.hpp"
#include "protocol/stun/message.hpp"
#include "protocol/stun/transport_address.hpp"

namespace carillon::stun {

/// What was added so far is a whole message at any time. Integrity comes after what it covers, and
/// FINGERPRINT last.
class MessageWriter {
 public:
  MessageWriter(Method method, MessageClass message_class, Bytes transaction_id);

  void add(AttributeType type, Bytes value);
  void add_u32(AttributeType type, std::uint32_t number);
  void add_xor_address(AttributeType type, const TransportAddress& address);
  void add_error(ErrorCode code);
  void add_unknown(std::span<const std::uint16_t> types);
  void add_integrity(Bytes key);
  void add_integrity_sha256(Bytes key);
  void add_fingerprint();

  Bytes octets() const { return text_; }
  std::string take() && { return std::move(text_); }

 private:
  Bytes transaction_id() const { return Bytes(text_).substr(8, sizeof(TransactionId)); }
  void set_length(std::size_t total);

  std::string text_;
};

}  // namespace carillon::stun
