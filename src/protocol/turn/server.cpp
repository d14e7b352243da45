#include "protocol/turn/server.hpp"

#include <array>
#include <cstring>

#include "protocol/stun/address_coding.hpp"
#include "protocol/turn/channel_data.hpp"
#include "protocol/turn/limits.hpp"

namespace carillon::turn {
namespace {

using stun::AttributeType;
using stun::Message;
using stun::MessageClass;
using stun::Method;

/// Those below 0x8000 that we know in a Send indication.
constexpr std::array kKnownInSend = {AttributeType::XorPeerAddress, AttributeType::Data,
                                     AttributeType::DontFragment};

}  // namespace

Server::Server(const stun::Authenticator& authenticator, Outlet& outlet, Policy& policy,
               std::uint64_t seed)
    : outlet_(outlet),
      policy_(policy),
      control_({.authenticator = authenticator,
                .allocations = allocations_,
                .outlet = outlet,
                .policy = policy,
                .probe = probe_}),
      seed_(seed) {}

// --- From clients -------------------------------------------------------------------------------

void Server::on_message(const Path& path, Bytes octets, TimePoint now) {
  if (looks_like_channel_data(octets)) return on_channel_data(path, octets, now);
  const auto message = Message::parse(octets);
  if (!message) return probe_.dropped(Drop::Malformed);
  switch (message->message_class()) {
    case MessageClass::Request:
      if (octets.size() > limits::kRequestBytes) return probe_.dropped(Drop::Unwanted);
      return control_.on_request(path, *message, now);
    case MessageClass::Indication:
      if (message->method() == Method::Send) return on_send_indication(path, *message, now);
      if (message->method() == Method::Binding) return;  // a keepalive
      break;
    default:
      break;
  }
  probe_.dropped(Drop::Unwanted);
}

void Server::on_channel_data(const Path& path, Bytes octets, TimePoint now) {
  const auto data = read_channel_data(octets);
  if (!data) return probe_.dropped(Drop::Malformed);
  const Allocation* allocation = allocations_.find(path);
  if (allocation == nullptr) return probe_.dropped(Drop::NoAllocation);
  const ChannelBinding* channel = allocation->channel(data->channel, now);
  if (channel == nullptr) return probe_.dropped(Drop::NoChannel);
  // Of an allocation that is bound longer than it is permitted: RFC 8656 §12.
  if (!allocation->permits(channel->peer, now)) return probe_.dropped(Drop::NoPermission);
  probe_.relayed_to_peer(data->payload.size());
  outlet_.to_peer(allocation->relay.id, channel->peer, data->payload, Fragmentation::Allowed);
}

void Server::on_send_indication(const Path& path, const Message& message, TimePoint now) {
  const Allocation* allocation = allocations_.find(path);
  if (allocation == nullptr) return probe_.dropped(Drop::NoAllocation);
  const auto address = message.find(AttributeType::XorPeerAddress);
  const auto data = message.find(AttributeType::Data);
  const auto peer =
      address ? stun::read_xor_address(*address, message.transaction_id()) : std::nullopt;
  const bool is_whole = peer && data && stun::unknown_attributes(message, kKnownInSend).empty();
  if (!is_whole) return probe_.dropped(Drop::Unwanted);
  if (!allocation->permits(*peer, now)) return probe_.dropped(Drop::NoPermission);
  probe_.relayed_to_peer(data->size());
  const bool whole = message.has(AttributeType::DontFragment);
  outlet_.to_peer(allocation->relay.id, *peer, *data,
                  whole ? Fragmentation::Forbidden : Fragmentation::Allowed);
}

void Server::on_client_gone(const Path& path) {
  if (const Allocation* allocation = allocations_.find(path)) control_.end(*allocation);
}

// --- From peers ---------------------------------------------------------------------------------

void Server::on_peer_datagram(Handle handle, const stun::TransportAddress& peer,
                              RoomyPayload payload, TimePoint now) {
  const Allocation* allocation = allocations_.find(handle);
  if (allocation == nullptr) return probe_.dropped(Drop::NoAllocation);
  if (!allocation->permits(peer, now)) return probe_.dropped(Drop::NoPermission);
  if (payload.size > limits::kPayloadBytes) return probe_.dropped(Drop::Malformed);
  if (!policy_.may_relay(allocation->relay.id, payload.size)) return;
  probe_.relayed_to_client(payload.size);
  if (const ChannelBinding* channel = allocation->channel_to(peer, now)) {
    char* head = payload.begin - kChannelHeadBytes;
    write_channel_head(head, channel->number, payload.size);
    return outlet_.to_client(allocation->path, Bytes(head, kChannelHeadBytes + payload.size));
  }
  outlet_.to_client(allocation->path, wrap_in_indication(payload, peer, next_transaction_id()));
}

stun::TransactionId Server::next_transaction_id() {
  stun::TransactionId id{};
  ++indications_;
  std::memcpy(id.data(), &seed_, sizeof seed_);
  std::memcpy(id.data() + sizeof seed_, &indications_, sizeof indications_);
  return id;
}

// --- Time ---------------------------------------------------------------------------------------

bool Server::on_time(TimePoint now) {
  for (std::size_t i = 0; i < limits::kExpiriesPerStep; ++i) {
    const Allocation* expired = allocations_.next_expired(now);
    if (expired == nullptr) return false;
    probe_.expired_allocation();
    control_.end(*expired);
  }
  return true;
}

}  // namespace carillon::turn
