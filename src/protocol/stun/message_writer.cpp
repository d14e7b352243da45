#include "protocol/stun/message_writer.hpp"

#include "protocol/stun/address_coding.hpp"
#include "protocol/stun/fingerprint.hpp"
#include "protocol/stun/integrity.hpp"
#include "protocol/stun/octets.hpp"

namespace carillon::stun {
namespace {

constexpr std::size_t kUsualBytes = 160;

/// The bits of the class stand between those of the method (RFC 8489 §5, figure 3).
std::uint16_t message_type(Method method, MessageClass message_class) {
  const auto bits = static_cast<unsigned>(method);
  const auto kind = static_cast<unsigned>(message_class);
  return static_cast<std::uint16_t>((bits & 0x000F) | (bits & 0x0070) << 1 | (bits & 0x0F80) << 2 |
                                    (kind & 1) << 4 | (kind & 2) << 7);
}

}  // namespace

MessageWriter::MessageWriter(Method method, MessageClass message_class, Bytes transaction_id) {
  text_.reserve(kUsualBytes);
  append_u16(text_, message_type(method, message_class));
  append_u16(text_, 0);
  append_u32(text_, kMagicCookie);
  text_ += transaction_id;
}

void MessageWriter::add(AttributeType type, Bytes value) {
  append_u16(text_, static_cast<std::uint16_t>(type));
  append_u16(text_, static_cast<std::uint16_t>(value.size()));
  text_ += value;
  text_.resize(padded(text_.size()), '\0');
  set_length(text_.size());
}

void MessageWriter::add_u32(AttributeType type, std::uint32_t number) {
  std::string value;
  append_u32(value, number);
  add(type, value);
}

void MessageWriter::add_xor_address(AttributeType type, const TransportAddress& address) {
  std::string value;
  append_xor_address(value, address, transaction_id());
  add(type, value);
}

void MessageWriter::add_error(ErrorCode code) {
  const auto number = static_cast<std::uint16_t>(code);
  std::string value;
  append_u16(value, 0);
  value += static_cast<char>(number / 100);
  value += static_cast<char>(number % 100);
  add(AttributeType::ErrorCode, value.append(reason(code)));
}

void MessageWriter::add_unknown(std::span<const std::uint16_t> types) {
  std::string value;
  for (const std::uint16_t type : types) append_u16(value, type);
  add(AttributeType::UnknownAttributes, value);
}

void MessageWriter::add_integrity(Bytes key) {
  add(AttributeType::MessageIntegrity, integrity(text_, text_.size(), key));
}

void MessageWriter::add_integrity_sha256(Bytes key) {
  add(AttributeType::MessageIntegritySha256, integrity_sha256(text_, text_.size(), key));
}

void MessageWriter::add_fingerprint() {
  set_length(text_.size() + kAttributeHeadBytes + kFingerprintBytes);
  add_u32(AttributeType::Fingerprint, fingerprint(text_));
}

void MessageWriter::set_length(std::size_t total) {
  write_u16(text_.data() + 2, static_cast<std::uint16_t>(total - kHeaderBytes));
}

}  // namespace carillon::stun
