#include "protocol/turn/allocate_request.hpp"

#include <algorithm>
#include <chrono>

#include "protocol/stun/octets.hpp"
#include "protocol/turn/limits.hpp"

namespace carillon::turn {
namespace {

using stun::AttributeType;
using stun::ErrorCode;
using stun::Message;

constexpr std::uint8_t kUdp = 17;  // RFC 8656 §18.7: a protocol number
constexpr std::uint8_t kReserveBit = 0x80;
constexpr std::size_t kWordBytes = 4;

std::unexpected<ErrorCode> bad_request() {
  return std::unexpected(ErrorCode::BadRequest);
}

Result<void, ErrorCode> check_transport(const Message& message) {
  const auto transport = message.find(AttributeType::RequestedTransport);
  if (!transport || transport->size() != kWordBytes) return bad_request();
  if (stun::read_u8(*transport, 0) != kUdp) {
    return std::unexpected(ErrorCode::UnsupportedTransport);
  }
  return {};
}

Result<stun::Family, ErrorCode> family_of(Bytes value) {
  if (value.size() != kWordBytes) return bad_request();
  const std::uint8_t family = stun::read_u8(value, 0);
  if (family != 1 && family != 2) return std::unexpected(ErrorCode::AddressFamilyNotSupported);
  return static_cast<stun::Family>(family);
}

Result<void, ErrorCode> read_ports(const Message& message, RelayWish& wish) {
  if (const auto even = message.find(AttributeType::EvenPort)) {
    if (even->size() != 1) return bad_request();
    wish.even_port = true;
    wish.reserve_next = (stun::read_u8(*even, 0) & kReserveBit) != 0;
  }
  if (const auto token = message.find(AttributeType::ReservationToken)) {
    const bool alone = !wish.even_port && !message.has(AttributeType::RequestedAddressFamily) &&
                       !message.has(AttributeType::AdditionalAddressFamily);
    if (!alone || token->size() != sizeof(ReservationToken)) return bad_request();
    wish.reserved.emplace();
    std::ranges::copy(*token, wish.reserved->begin());
  }
  return {};
}

Result<bool, ErrorCode> read_additional_family(const Message& message, const RelayWish& wish) {
  const auto value = message.find(AttributeType::AdditionalAddressFamily);
  if (!value) return false;
  const bool fits = value->size() == kWordBytes &&
                    stun::read_u8(*value, 0) == static_cast<std::uint8_t>(stun::Family::Ipv6) &&
                    !message.has(AttributeType::RequestedAddressFamily) && !wish.reserve_next;
  if (!fits) return bad_request();
  return true;
}

}  // namespace

Result<std::optional<Duration>, ErrorCode> read_lifetime(const Message& message) {
  const auto value = message.find(AttributeType::Lifetime);
  if (!value) return limits::kDefaultLifetime;
  if (value->size() != kWordBytes) return bad_request();
  const Duration wanted = std::chrono::seconds(stun::read_u32(*value, 0));
  if (wanted == Duration::zero()) return std::nullopt;
  return std::clamp(wanted, limits::kDefaultLifetime, limits::kMaxLifetime);
}

Result<std::optional<stun::Family>, ErrorCode> read_family(const Message& message) {
  const auto value = message.find(AttributeType::RequestedAddressFamily);
  if (!value) return std::nullopt;
  return TRY(family_of(*value));
}

Result<AllocateRequest, ErrorCode> read_allocate_request(const Message& message) {
  AllocateRequest request;
  TRY(check_transport(message));
  TRY(read_ports(message, request.relay));
  const auto family = TRY(read_family(message));
  request.relay.family = family.value_or(stun::Family::Ipv4);
  request.wants_ipv6_too = TRY(read_additional_family(message, request.relay));
  const auto lifetime = TRY(read_lifetime(message));
  request.lifetime = lifetime.value_or(limits::kDefaultLifetime);
  return request;
}

}  // namespace carillon::turn
