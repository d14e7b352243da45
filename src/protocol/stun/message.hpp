// Reading a STUN message in place: nothing is copied, and nothing kept.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/stun/error.hpp"
#include "protocol/stun/octets.hpp"

namespace carillon::stun {

inline constexpr std::size_t kHeaderBytes = 20;
inline constexpr std::size_t kAttributeHeadBytes = 4;
inline constexpr std::uint32_t kMagicCookie = 0x2112'A442;

enum class MessageClass : std::uint8_t { Request = 0, Indication = 1, Success = 2, Error = 3 };

/// RFC 8489 §18.2, RFC 8656 §17.
enum class Method : std::uint16_t {
  Binding = 0x001,
  Allocate = 0x003,
  Refresh = 0x004,
  Send = 0x006,
  Data = 0x007,
  CreatePermission = 0x008,
  ChannelBind = 0x009,
};

/// RFC 8489 §18.3, RFC 8656 §18. From 0x8000 on whoever does not know one may ignore it.
enum class AttributeType : std::uint16_t {
  MappedAddress = 0x0001,
  Username = 0x0006,
  MessageIntegrity = 0x0008,
  ErrorCode = 0x0009,
  UnknownAttributes = 0x000A,
  ChannelNumber = 0x000C,
  Lifetime = 0x000D,
  XorPeerAddress = 0x0012,
  Data = 0x0013,
  Realm = 0x0014,
  Nonce = 0x0015,
  XorRelayedAddress = 0x0016,
  RequestedAddressFamily = 0x0017,
  EvenPort = 0x0018,
  RequestedTransport = 0x0019,
  DontFragment = 0x001A,
  MessageIntegritySha256 = 0x001C,
  PasswordAlgorithm = 0x001D,
  Userhash = 0x001E,
  XorMappedAddress = 0x0020,
  ReservationToken = 0x0022,
  AdditionalAddressFamily = 0x8000,
  AddressErrorCode = 0x8001,
  PasswordAlgorithms = 0x8002,
  Software = 0x8022,
  Fingerprint = 0x8028,
};

using TransactionId = std::array<char, 12>;

struct Attribute {
  AttributeType type = {};
  Bytes value;
};

/// A message whose shape has been checked.
///
///     0                   1                   2                   3
///    +-+-+---------------------------+-------------------------------+
///    |0 0|  method and class         |  octets after this header     |
///    +-+-+---------------------------+-------------------------------+
///    |                 magic cookie 2112A442                         |
///    +---------------------------------------------------------------+
///    |                 transaction id (96 bits)                      |
///    +---------------------------------------------------------------+
///    |  type, length, value padded to 4 octets; …                    |
///
/// Lifetime: a view of the octets it was read from.
class Message {
 public:
  /// Reads a whole datagram, or one frame of a stream.
  /// Errors: see ParseError.
  /// Source: RFC 8489 §5, §6.3, §14.
  static Result<Message, ParseError> parse(Bytes octets);

  Method method() const;
  MessageClass message_class() const;
  Bytes octets() const { return octets_; }
  Bytes transaction_id() const { return octets_.substr(8, sizeof(TransactionId)); }

  /// The value of the first one of that type, among those that count: none behind a
  /// MESSAGE-INTEGRITY does but the other integrity and FINGERPRINT (§14.5).
  std::optional<Bytes> find(AttributeType type) const;
  bool has(AttributeType type) const { return find(type).has_value(); }
  /// Calls `visit(const Attribute&)` for each that counts.
  template <class Visit>
  void for_each(Visit visit) const;

  /// Where the integrity attributes begin; 0: there is none.
  std::size_t integrity_at() const { return integrity_at_; }
  std::size_t integrity_sha256_at() const { return integrity_sha256_at_; }
  bool has_integrity() const { return integrity_at_ != 0 || integrity_sha256_at_ != 0; }

 private:
  explicit Message(Bytes octets) : octets_(octets) {}
  Result<void, ParseError> check_attributes();
  bool counts(AttributeType type, std::size_t at) const;

  Bytes octets_;
  std::size_t integrity_at_ = 0;
  std::size_t integrity_sha256_at_ = 0;
};

/// The attributes below 0x8000 that are not among `known`, without doubles: with any of them a
/// request is refused (420), and an indication ignored. At most limits::kUnknownAttributes.
/// Source: RFC 8489 §6.3.1, §6.3.2.
std::vector<std::uint16_t> unknown_attributes(const Message& message,
                                              std::span<const AttributeType> known);

template <class Visit>
void Message::for_each(Visit visit) const {
  std::size_t at = kHeaderBytes;
  while (at < octets_.size()) {
    const auto type = static_cast<AttributeType>(read_u16(octets_, at));
    const std::size_t size = read_u16(octets_, at + 2);
    if (counts(type, at)) {
      visit(Attribute{.type = type, .value = octets_.substr(at + kAttributeHeadBytes, size)});
    }
    at += kAttributeHeadBytes + padded(size);
  }
}

}  // namespace carillon::stun
