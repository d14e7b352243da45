#include "protocol/stun/message.hpp"

#include <algorithm>

#include "protocol/stun/fingerprint.hpp"
#include "protocol/stun/limits.hpp"

namespace carillon::stun {
namespace {

constexpr std::uint16_t kFirstOptional = 0x8000;

}  // namespace

Result<Message, ParseError> Message::parse(Bytes octets) {
  if (octets.size() < kHeaderBytes) return std::unexpected(ParseError::TooShort);
  if ((read_u8(octets, 0) & 0xC0) != 0 || read_u32(octets, 4) != kMagicCookie) {
    return std::unexpected(ParseError::NotStun);
  }
  const std::size_t length = read_u16(octets, 2);
  if (length % 4 != 0 || kHeaderBytes + length != octets.size()) {
    return std::unexpected(ParseError::LengthMismatch);
  }
  Message message(octets);
  if (const auto checked = message.check_attributes(); !checked) {
    return std::unexpected(checked.error());
  }
  return message;
}

Result<void, ParseError> Message::check_attributes() {
  std::size_t count = 0;
  for (std::size_t at = kHeaderBytes; at < octets_.size();) {
    if (++count > limits::kAttributes) return std::unexpected(ParseError::TooManyAttributes);
    const auto type = static_cast<AttributeType>(read_u16(octets_, at));
    const std::size_t size = read_u16(octets_, at + 2);
    const std::size_t end = at + kAttributeHeadBytes + padded(size);
    if (end > octets_.size()) return std::unexpected(ParseError::AttributeCut);
    if (type == AttributeType::Fingerprint) {
      const bool is_right =
          size == kFingerprintBytes && end == octets_.size() &&
          read_u32(octets_, at + kAttributeHeadBytes) == fingerprint(octets_.substr(0, at));
      if (!is_right) return std::unexpected(ParseError::WrongFingerprint);
    }
    const bool first = integrity_sha256_at_ == 0;
    if (type == AttributeType::MessageIntegrity && first && integrity_at_ == 0) integrity_at_ = at;
    if (type == AttributeType::MessageIntegritySha256 && first) integrity_sha256_at_ = at;
    at = end;
  }
  return {};
}

Method Message::method() const {
  const unsigned type = read_u16(octets_, 0);
  return static_cast<Method>((type & 0x000F) | (type & 0x00E0) >> 1 | (type & 0x3E00) >> 2);
}

MessageClass Message::message_class() const {
  const unsigned type = read_u16(octets_, 0);
  return static_cast<MessageClass>((type & 0x0010) >> 4 | (type & 0x0100) >> 7);
}

bool Message::counts(AttributeType type, std::size_t at) const {
  if (type == AttributeType::Fingerprint) return true;
  if (integrity_sha256_at_ != 0 && at > integrity_sha256_at_) return false;
  if (integrity_at_ != 0 && at > integrity_at_) return at == integrity_sha256_at_;
  return true;
}

std::optional<Bytes> Message::find(AttributeType type) const {
  std::optional<Bytes> found;
  for_each([&](const Attribute& attribute) {
    if (attribute.type == type && !found) found = attribute.value;
  });
  return found;
}

std::vector<std::uint16_t> unknown_attributes(const Message& message,
                                              std::span<const AttributeType> known) {
  std::vector<std::uint16_t> unknown;
  message.for_each([&](const Attribute& attribute) {
    const auto number = static_cast<std::uint16_t>(attribute.type);
    const bool matters = number < kFirstOptional &&
                         std::ranges::find(known, attribute.type) == known.end() &&
                         std::ranges::find(unknown, number) == unknown.end();
    if (matters && unknown.size() < limits::kUnknownAttributes) unknown.push_back(number);
  });
  return unknown;
}

}  // namespace carillon::stun
