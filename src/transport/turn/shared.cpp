#include "transport/turn/shared.hpp"

#include <utility>
#include <vector>

#include "access/limit_key.hpp"
#include "core/random.hpp"
#include "net/datagram_socket.hpp"
#include "transport/turn/address.hpp"
#include "transport/turn/limits.hpp"

namespace carillon::transport {
namespace {

constexpr std::size_t kNonceSecretBytes = 32;

/// What is counted of one address or user.
constexpr std::uint8_t kAnswers = 1;
constexpr std::uint8_t kAllocations = 2;

/// IPv4 addresses count each by itself, IPv6 addresses by their first 64 bits.
access::LimitKey key_of(const stun::TransportAddress& client) {
  const auto ip = access::IpAddress::from_octets(client.ip_octets());
  return ip ? access::LimitKey::of(*ip)
            : access::LimitKey::of(access::LimitSubject::Address, client.ip_octets());
}

PeerRules::Addresses outer_addresses(const TurnSettings& settings) {
  PeerRules::Addresses addresses;
  for (const auto& ip : {settings.external_ip.v4, settings.external_ip.v6}) {
    if (ip) addresses.push_back(*ip);
  }
  return addresses;
}

/// Of a name that expires (`EXPIRY:NAME`), whose it is: a new one is no new user.
Bytes user_of(Bytes username) {
  const std::size_t colon = username.find(':');
  return colon == Bytes::npos || colon + 1 == username.size() ? username
                                                              : username.substr(colon + 1);
}

}  // namespace

TurnShared::TurnShared(TurnSettings settings)
    : settings_(std::move(settings)), nonce_secret_(random_octets(kNonceSecretBytes)) {}

PeerRules TurnShared::peer_rules() const {
  return {settings_.allowed_peers, outer_addresses(settings_), {.v4 = ports_v4_, .v6 = ports_v6_}};
}

// --- Quotas -------------------------------------------------------------------------------------

bool TurnShared::may_answer(const stun::TransportAddress& client, TimePoint now) {
  // The source first: what one of them is refused must not count for all.
  if (rates_.take(key_of(client).with(kAnswers), settings_.source_answers, now)) return false;
  const auto everybody = access::LimitKey::of(access::LimitSubject::Channel, {}).with(kAnswers);
  return !rates_.take(everybody, settings_.stranger_answers, now);
}

bool TurnShared::admit(Bytes username, const stun::TransportAddress& client) {
  const auto user =
      access::LimitKey::of(access::LimitSubject::User, user_of(username)).with(kAllocations);
  const auto address = key_of(client).with(kAllocations);
  const std::size_t before = allocations_.fetch_add(1, std::memory_order_relaxed);
  if (settings_.allocations == 0 || before < settings_.allocations) {
    if (counts_.try_add(user, settings_.user_allocations)) {
      if (counts_.try_add(address, settings_.address_allocations)) return true;
      counts_.remove(user);
    }
  }
  allocations_.fetch_sub(1, std::memory_order_relaxed);
  return false;
}

void TurnShared::release(Bytes username, const stun::TransportAddress& client) {
  counts_.remove(
      access::LimitKey::of(access::LimitSubject::User, user_of(username)).with(kAllocations));
  counts_.remove(key_of(client).with(kAllocations));
  allocations_.fetch_sub(1, std::memory_order_relaxed);
}

// --- Ports --------------------------------------------------------------------------------------

std::optional<BoundRelay> TurnShared::bind(const net::DatagramAddress& address) {
  RelayPorts& ports = ports_of(address.family);
  if (!ports.take(address.port, address.ip)) return std::nullopt;
  BoundRelay relay{.socket = {}, .address = address};
  auto socket = net::bind_datagram_socket(relay.address);
  if (!socket) {
    ports.give_back(address.port);
    return std::nullopt;
  }
  relay.socket = *std::move(socket);
  return relay;
}

/// From a port that nobody can foretell on.
std::optional<BoundRelay> TurnShared::bind_any(net::DatagramAddress ip,
                                               const turn::RelayWish& wish) {
  const PortRange& range = settings_.relay_ports;
  const auto count = static_cast<std::size_t>(range.last - range.first) + 1;
  const std::size_t start = random_u64() % count;
  std::size_t failures = 0;
  for (std::size_t i = 0; i < count && failures < limits::kPortTries; ++i) {
    ip.port = static_cast<std::uint16_t>(range.first + (start + i) % count);
    if (wish.even_port && ip.port % 2 != 0) continue;
    if (wish.reserve_next && ip.port == range.last) continue;
    if (ports_of(ip.family).has(ip.port)) continue;
    if (auto relay = bind(ip)) return relay;
    ++failures;
  }
  return std::nullopt;
}

Result<TurnShared::OpenedRelay, stun::ErrorCode> TurnShared::open(const net::DatagramAddress& ip,
                                                                  const turn::RelayWish& wish,
                                                                  TimePoint now) {
  OpenedRelay opened;
  auto bound = wish.reserved ? reservations_.take(*wish.reserved, now) : bind_any(ip, wish);
  if (!bound) return std::unexpected(stun::ErrorCode::InsufficientCapacity);
  opened.relay = *std::move(bound);
  if (!wish.reserve_next) return opened;
  net::DatagramAddress next = opened.relay.address;
  ++next.port;
  if (auto pair = bind(next)) {
    opened.next = reservations_.add(*std::move(pair), now);
    if (opened.next) return opened;
    ports_of(next.family).give_back(next.port);
  }
  close(std::move(opened.relay));
  return std::unexpected(stun::ErrorCode::InsufficientCapacity);
}

void TurnShared::close(BoundRelay relay) {
  relay.socket.reset();
  ports_of(relay.address.family).give_back(relay.address.port);
}

void TurnShared::cancel_reservation(const turn::ReservationToken& token, TimePoint now) {
  if (auto relay = reservations_.take(token, now)) close(*std::move(relay));
}

void TurnShared::drop_expired_reservations(TimePoint now) {
  for (BoundRelay& relay : reservations_.take_expired(now)) close(std::move(relay));
}

}  // namespace carillon::transport
