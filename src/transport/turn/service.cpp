#include "transport/turn/service.hpp"

#include <stdexcept>
#include <utility>

#include "core/random.hpp"
#include "net/stream.hpp"
#include "protocol/stun/octets.hpp"
#include "transport/turn/address.hpp"
#include "transport/turn/limits.hpp"

namespace carillon::transport {

TurnService::TurnService(net::Reactor& reactor, TurnShared& shared)
    : reactor_(reactor),
      shared_(shared),
      inbox_(reactor.probe()),
      outbox_(reactor),
      credentials_(shared.settings().realm, shared.settings().users, shared.settings().secret,
                   [&reactor] { return reactor.wall_clock(); }),
      authenticator_(shared.settings().realm, shared.nonce_secret(), credentials_),
      rules_(shared.peer_rules()),
      interfaces_(reactor, [this] { [[maybe_unused]] const auto read = read_own_addresses(); }),
      relays_(reactor, shared, rules_, inbox_, outbox_, drops_,
              [this](Handle allocation, const stun::TransportAddress& peer,
                     turn::RoomyPayload payload) {
                server_.on_peer_datagram(allocation, peer, payload, reactor_.now());
              }),
      server_(authenticator_, *this, *this, random_u64()) {
  if (const auto read = read_own_addresses(); !read) {
    throw std::runtime_error(
        "[turn] the addresses of this machine, which the relay must not lead to, cannot be read: " +
        read.error() + "; what confines the server must allow AF_NETLINK");
  }
  keep_time();
}

TurnService::~TurnService() = default;

void TurnService::add_listener(net::UniqueFd socket, const net::DatagramAddress& address) {
  listeners_.push_back(std::make_unique<TurnListener>(
      std::move(socket), address, listeners_.size(),
      TurnListener::Parts{
          .reactor = reactor_,
          .inbox = inbox_,
          .on_datagram = [this](const TurnListener& listener,
                                const net::Datagram& datagram) { on_datagram(listener, datagram); },
          .on_batch_end = [this] { flush(); }}));
}

void TurnService::keep_time() {
  reactor_.after(limits::kTurnTimeStep, [this] {
    while (server_.on_time(reactor_.now())) {
    }
    shared_.drop_expired_reservations(reactor_.now());
    if (!hears_changes_) [[maybe_unused]]
      const auto read = read_own_addresses();
    keep_time();
  });
}

/// Where they cannot be read they stay as they were until the next time step.
Result<void, std::string> TurnService::read_own_addresses() {
  hears_changes_ = false;
  const auto addresses = TRY(net::interface_addresses());
  PeerRules::Addresses own;
  for (const net::DatagramAddress& address : addresses) {
    if (const auto ip = to_ip_address(to_transport_address(address))) own.push_back(*ip);
  }
  rules_.set_own(std::move(own));
  hears_changes_ = interfaces_.hears();
  return {};
}

// --- From clients -------------------------------------------------------------------------------

void TurnService::on_datagram(const TurnListener& listener, const net::Datagram& datagram) {
  net::DatagramAddress own = listener.address();
  if (datagram.to.family != net::Family::None) own.ip = datagram.to.ip;
  server_.on_message({.client = to_transport_address(datagram.from),
                      .server = to_transport_address(own),
                      .protocol = turn::Protocol::Udp,
                      .link = listener.link()},
                     Bytes(datagram.begin, datagram.size), reactor_.now());
}

void TurnService::on_message(const turn::Path& path, Bytes message) {
  server_.on_message(path, message, reactor_.now());
}

void TurnService::closed_connection(const turn::Path& path) {
  --connections_;
  server_.on_client_gone(path);
}

// --- To clients ---------------------------------------------------------------------------------

net::DatagramOutbox::Route TurnService::route_to(const turn::Path& path) const {
  const TurnListener& listener = *listeners_[path.link];
  net::DatagramOutbox::Route route{.fd = listener.fd(), .to = to_datagram_address(path.client)};
  if (listener.address().is_any()) route.from = to_datagram_address(path.server);
  return route;
}

void TurnService::answer(const turn::Path& path, std::string message) {
  if (path.protocol == turn::Protocol::Tcp) return send_over_stream(path, message);
  outbox_.add(route_to(path), std::move(message));
}

void TurnService::to_client(const turn::Path& path, Bytes octets) {
  if (path.protocol == turn::Protocol::Tcp) return send_over_stream(path, octets);
  outbox_.add(route_to(path), octets);
}

void TurnService::send_over_stream(const turn::Path& path, Bytes octets) {
  net::Stream* stream = reactor_.find(stream_of(path.link));
  if (stream == nullptr) return;
  if (stream->outbox_bytes() > limits::kClientOutboxBytes) {
    ++drops_.slow_clients;
    return;
  }
  constexpr Bytes kPadding("\0\0\0", 3);
  stream->send(octets);
  const std::size_t padding = stun::padded(octets.size()) - octets.size();
  if (padding > 0) stream->send(kPadding.substr(0, padding));
}

// --- Relays -------------------------------------------------------------------------------------

void TurnService::to_peer(Handle relay, const stun::TransportAddress& peer, Bytes payload,
                          turn::Fragmentation fragmentation) {
  relays_.send(relay, peer, payload, fragmentation);
}

std::optional<net::DatagramAddress> TurnService::relay_ip(const turn::Path& path,
                                                          stun::Family family) const {
  const IpPair& configured = shared_.settings().relay_ip;
  const auto& ip = family == stun::Family::Ipv6 ? configured.v6 : configured.v4;
  if (ip) return to_datagram_address(to_transport_address(*ip));
  if (path.server.family != family) return std::nullopt;
  return to_datagram_address(path.server);
}

Result<turn::Relay, stun::ErrorCode> TurnService::open_relay(const turn::Path& path,
                                                             const turn::RelayWish& wish,
                                                             Handle allocation) {
  if (draining_) return std::unexpected(stun::ErrorCode::InsufficientCapacity);
  const auto ip = relay_ip(path, wish.family);
  if (!ip && !wish.reserved) return std::unexpected(stun::ErrorCode::AddressFamilyNotSupported);
  return relays_.open(ip.value_or(net::DatagramAddress()), wish, allocation);
}

void TurnService::close_relay(Handle relay) {
  relays_.close(relay);
}

// --- Decisions ----------------------------------------------------------------------------------

bool TurnService::may_answer(const turn::Path& path, TimePoint now) {
  return shared_.may_answer(path.client, now);
}

bool TurnService::may_reach(const stun::TransportAddress& peer) {
  return rules_.allows(peer);
}

bool TurnService::admit(Bytes username, const turn::Path& path) {
  return shared_.admit(username, path.client);
}

void TurnService::release(Bytes username, const turn::Path& path) {
  shared_.release(username, path.client);
}

TurnCounts TurnService::counts() const {
  return {.turn = server_.probe(), .drops = drops_, .allocations = server_.allocation_count()};
}

}  // namespace carillon::transport
