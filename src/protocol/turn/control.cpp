#include "protocol/turn/control.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include "protocol/stun/address_coding.hpp"
#include "protocol/stun/limits.hpp"
#include "protocol/stun/message_writer.hpp"
#include "protocol/stun/octets.hpp"
#include "protocol/turn/allocate_request.hpp"
#include "protocol/turn/channel_data.hpp"

namespace carillon::turn {
namespace {

using stun::AttributeType;
using stun::ErrorCode;
using stun::Message;
using stun::MessageClass;
using stun::MessageWriter;
using stun::Method;

/// Those below 0x8000 that we know in requests.
constexpr std::array kKnown = {AttributeType::MappedAddress,
                               AttributeType::Username,
                               AttributeType::MessageIntegrity,
                               AttributeType::ErrorCode,
                               AttributeType::UnknownAttributes,
                               AttributeType::ChannelNumber,
                               AttributeType::Lifetime,
                               AttributeType::XorPeerAddress,
                               AttributeType::Data,
                               AttributeType::Realm,
                               AttributeType::Nonce,
                               AttributeType::XorRelayedAddress,
                               AttributeType::EvenPort,
                               AttributeType::RequestedAddressFamily,
                               AttributeType::RequestedTransport,
                               AttributeType::DontFragment,
                               AttributeType::MessageIntegritySha256,
                               AttributeType::PasswordAlgorithm,
                               AttributeType::Userhash,
                               AttributeType::XorMappedAddress,
                               AttributeType::ReservationToken};

bool is_ours(Method method) {
  switch (method) {
    case Method::Binding:
    case Method::Allocate:
    case Method::Refresh:
    case Method::CreatePermission:
    case Method::ChannelBind:
      return true;
    default:
      return false;
  }
}

std::uint32_t seconds_of(Duration duration) {
  return static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::seconds>(duration).count());
}

MessageWriter writer_for(const Message& request, MessageClass message_class) {
  return {request.method(), message_class, request.transaction_id()};
}

}  // namespace

struct Control::Call {
  const Path& path;
  const Message& request;
  TimePoint now;
  const stun::Identity* sender = nullptr;  // null: nobody has shown a password
};

// --- Who asks -----------------------------------------------------------------------------------

void Control::on_request(const Path& path, const Message& request, TimePoint now) {
  Call call{.path = path, .request = request, .now = now};
  if (!is_ours(request.method())) return parts_.probe.dropped(Drop::Unwanted);
  if (request.method() == Method::Binding) {
    const bool is_client = parts_.allocations.find(path) != nullptr;
    if (!is_client && !parts_.policy.may_answer(path, now)) {
      return parts_.probe.dropped(Drop::Unanswered);
    }
    return answer_binding(call);
  }
  const auto sender = parts_.authenticator.check(request, path.client, now);
  if (!sender) return answer_stranger(call, sender.error());
  call.sender = &*sender;
  on_authenticated(call);
}

void Control::answer_binding(const Call& call) {
  const auto unknown = stun::unknown_attributes(call.request, kKnown);
  if (!unknown.empty()) return answer_unknown(call, unknown);
  MessageWriter answer = writer_for(call.request, MessageClass::Success);
  answer.add_xor_address(AttributeType::XorMappedAddress, call.path.client);
  accept(call, answer);
}

void Control::answer_stranger(const Call& call, ErrorCode code) {
  const bool is_client = parts_.allocations.find(call.path) != nullptr;
  if (!is_client && !parts_.policy.may_answer(call.path, call.now)) {
    return parts_.probe.dropped(Drop::Unanswered);
  }
  MessageWriter answer = writer_for(call.request, MessageClass::Error);
  answer.add_error(code);
  if (code != ErrorCode::BadRequest) {
    parts_.authenticator.challenge(answer, call.path.client, call.now);
  }
  parts_.probe.answered_with(code);
  send(call, answer);
}

// --- Answers ------------------------------------------------------------------------------------

void Control::answer_unknown(const Call& call, std::span<const std::uint16_t> types) {
  MessageWriter answer = writer_for(call.request, MessageClass::Error);
  answer.add_error(ErrorCode::UnknownAttribute);
  answer.add_unknown(types);
  parts_.probe.answered_with(ErrorCode::UnknownAttribute);
  send(call, answer);
}

void Control::refuse(const Call& call, ErrorCode code) {
  MessageWriter answer = writer_for(call.request, MessageClass::Error);
  answer.add_error(code);
  parts_.probe.answered_with(code);
  send(call, answer);
}

void Control::succeed(const Call& call) {
  MessageWriter answer = writer_for(call.request, MessageClass::Success);
  accept(call, answer);
}

void Control::accept(const Call& call, MessageWriter& answer) {
  parts_.probe.answered();
  send(call, answer);
}

void Control::send(const Call& call, MessageWriter& answer) {
  if (call.sender != nullptr) call.sender->seal(answer);
  if (call.request.has(AttributeType::Fingerprint)) answer.add_fingerprint();
  parts_.outlet.answer(call.path, std::move(answer).take());
}

// --- What they ask ------------------------------------------------------------------------------

void Control::on_authenticated(const Call& call) {
  const auto unknown = stun::unknown_attributes(call.request, kKnown);
  if (!unknown.empty()) return answer_unknown(call, unknown);
  Verdict verdict;
  switch (call.request.method()) {
    case Method::Allocate:
      verdict = allocate(call);
      break;
    case Method::Refresh:
      verdict = refresh(call);
      break;
    case Method::CreatePermission:
      verdict = create_permission(call);
      break;
    default:
      verdict = bind_channel(call);
  }
  if (!verdict) refuse(call, verdict.error());
}

Control::Verdict Control::allocate(const Call& call) {
  if (const Allocation* existing = parts_.allocations.find(call.path)) {
    // Our answer may have been lost: the same request gets the same answer (RFC 8656 §7.2).
    const bool same = std::ranges::equal(existing->created_by, call.request.transaction_id()) &&
                      existing->username == call.sender->username;
    if (!same) return std::unexpected(ErrorCode::AllocationMismatch);
    tell_allocation(call, *existing, call.request.has(AttributeType::AdditionalAddressFamily));
    return {};
  }
  const AllocateRequest request = TRY(read_allocate_request(call.request));
  if (!parts_.policy.admit(call.sender->username, call.path)) {
    return std::unexpected(ErrorCode::AllocationQuotaReached);
  }
  const Verdict opened = open(call, request);
  if (!opened) parts_.policy.release(call.sender->username, call.path);
  return opened;
}

Control::Verdict Control::open(const Call& call, const AllocateRequest& request) {
  Allocation& allocation = parts_.allocations.add(call.path, call.sender->username);
  const auto relay = parts_.outlet.open_relay(call.path, request.relay, allocation.handle);
  if (!relay) {
    parts_.allocations.remove(allocation);
    return std::unexpected(relay.error());
  }
  allocation.relay = *relay;
  std::ranges::copy(call.request.transaction_id(), allocation.created_by.begin());
  allocation.lifetime = request.lifetime;
  parts_.allocations.set_expiry(allocation, call.now + request.lifetime);
  parts_.probe.opened_allocation();
  tell_allocation(call, allocation, request.wants_ipv6_too);
  return {};
}

void Control::tell_allocation(const Call& call, const Allocation& allocation, bool lacks_ipv6) {
  MessageWriter answer = writer_for(call.request, MessageClass::Success);
  answer.add_xor_address(AttributeType::XorRelayedAddress, allocation.relay.address);
  answer.add_u32(AttributeType::Lifetime, seconds_of(allocation.lifetime));
  answer.add_xor_address(AttributeType::XorMappedAddress, call.path.client);
  if (const auto& token = allocation.relay.next) {
    answer.add(AttributeType::ReservationToken, Bytes(token->data(), token->size()));
  }
  if (lacks_ipv6) {
    // One relayed address for each allocation; clients may ask for the other family by itself.
    constexpr auto kCode = static_cast<std::uint16_t>(ErrorCode::AddressFamilyNotSupported);
    std::string value;
    value += static_cast<char>(stun::Family::Ipv6);
    value.append({'\0', static_cast<char>(kCode / 100), static_cast<char>(kCode % 100)});
    value.append(stun::reason(ErrorCode::AddressFamilyNotSupported));
    answer.add(AttributeType::AddressErrorCode, value);
  }
  accept(call, answer);
}

Result<Allocation*, ErrorCode> Control::allocation_of(const Call& call) {
  Allocation* allocation = parts_.allocations.find(call.path);
  if (allocation == nullptr) return std::unexpected(ErrorCode::AllocationMismatch);
  if (allocation->username != call.sender->username) {
    return std::unexpected(ErrorCode::WrongCredentials);
  }
  return allocation;
}

Control::Verdict Control::refresh(const Call& call) {
  Allocation* allocation = TRY(allocation_of(call));
  const auto family = TRY(read_family(call.request));
  if (family && *family != allocation->relay.address.family) {
    return std::unexpected(ErrorCode::PeerFamilyMismatch);
  }
  const auto lifetime = TRY(read_lifetime(call.request));
  if (lifetime) {
    allocation->lifetime = *lifetime;
    parts_.allocations.set_expiry(*allocation, call.now + *lifetime);
  } else {
    end(*allocation);
  }
  MessageWriter answer = writer_for(call.request, MessageClass::Success);
  answer.add_u32(AttributeType::Lifetime, seconds_of(lifetime.value_or(Duration::zero())));
  accept(call, answer);
  return {};
}

Control::Verdict Control::check_peer(const Allocation& allocation,
                                     const stun::TransportAddress& peer) {
  if (peer.family != allocation.relay.address.family) {
    return std::unexpected(ErrorCode::PeerFamilyMismatch);
  }
  if (!parts_.policy.may_reach(peer)) return std::unexpected(ErrorCode::Forbidden);
  return {};
}

Control::Verdict Control::create_permission(const Call& call) {
  Allocation* allocation = TRY(allocation_of(call));
  std::vector<stun::TransportAddress> peers;
  bool malformed = false;
  call.request.for_each([&](const stun::Attribute& attribute) {
    if (attribute.type != AttributeType::XorPeerAddress) return;
    auto peer = stun::read_xor_address(attribute.value, call.request.transaction_id());
    malformed = malformed || !peer;
    if (!peer) return;
    peer->port = 0;  // a permission is for all ports (RFC 8656 §9)
    peers.push_back(*peer);
  });
  if (malformed || peers.empty()) return std::unexpected(ErrorCode::BadRequest);
  for (const auto& peer : peers) TRY(check_peer(*allocation, peer));
  for (const auto& peer : peers) {
    if (!allocation->permit(peer, call.now)) {
      return std::unexpected(ErrorCode::InsufficientCapacity);
    }
  }
  succeed(call);
  return {};
}

Control::Verdict Control::bind_channel(const Call& call) {
  Allocation* allocation = TRY(allocation_of(call));
  const auto number = call.request.find(AttributeType::ChannelNumber);
  const auto address = call.request.find(AttributeType::XorPeerAddress);
  const auto peer =
      address ? stun::read_xor_address(*address, call.request.transaction_id()) : std::nullopt;
  constexpr std::size_t kNumberBytes = 4;
  const bool is_right =
      number && number->size() == kNumberBytes && peer && is_channel(stun::read_u16(*number, 0));
  if (!is_right) return std::unexpected(ErrorCode::BadRequest);
  TRY(check_peer(*allocation, *peer));
  switch (allocation->bind(stun::read_u16(*number, 0), *peer, call.now)) {
    case Allocation::Binding::Taken:
      return std::unexpected(ErrorCode::BadRequest);
    case Allocation::Binding::Full:
      return std::unexpected(ErrorCode::InsufficientCapacity);
    case Allocation::Binding::Done:
      break;
  }
  succeed(call);
  return {};
}

void Control::end(const Allocation& allocation) {
  parts_.outlet.close_relay(allocation.relay.id);
  parts_.policy.release(allocation.username, allocation.path);
  parts_.allocations.remove(allocation);
}

}  // namespace carillon::turn
