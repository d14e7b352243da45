#include "transport/turn/relays.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <utility>

#include "net/datagram_socket.hpp"
#include "net/limits.hpp"
#include "transport/turn/address.hpp"

namespace carillon::transport {

static_assert(net::DatagramInbox::kRoomBefore >= turn::kHeadroom);
static_assert(net::DatagramInbox::kRoomBehind >= turn::kTailroom);

Relays::Relays(net::Reactor& reactor, TurnShared& shared, const PeerRules& rules,
               net::DatagramInbox& inbox, net::DatagramOutbox& outbox, RelayDrops& drops,
               Receiver receiver)
    : reactor_(reactor),
      shared_(shared),
      rules_(rules),
      inbox_(inbox),
      outbox_(outbox),
      drops_(drops),
      receiver_(std::move(receiver)) {
  reactor_.add_tick_hook(*this);
}

Relays::~Relays() {
  reactor_.remove_tick_hook(*this);
  sockets_.for_each(
      [this](Handle, std::unique_ptr<RelaySocket>& socket) { reactor_.unwatch(socket->watch); });
}

Result<turn::Relay, stun::ErrorCode> Relays::open(const net::DatagramAddress& ip,
                                                  const turn::RelayWish& wish, Handle allocation) {
  auto opened = TRY(shared_.open(ip, wish, reactor_.now()));
  auto made = std::make_unique<RelaySocket>(std::move(opened.relay), allocation, ready_);
  RelaySocket& socket = *made;
  socket.next = opened.next;
  socket.watch = reactor_.watch(socket.fd(), EPOLLIN, socket);
  if (!socket.watch) {
    if (socket.next) shared_.cancel_reservation(*socket.next, reactor_.now());
    shared_.close(std::move(socket.relay));
    return std::unexpected(stun::ErrorCode::InsufficientCapacity);
  }
  socket.handle = sockets_.insert(std::move(made));
  return turn::Relay{
      .id = socket.handle, .address = outer_address(socket.relay.address), .next = opened.next};
}

void Relays::close(Handle relay) {
  auto* socket = sockets_.find(relay);
  if (socket == nullptr) return;
  outbox_.flush();  // what it still has to send
  reactor_.unwatch((*socket)->watch);
  if ((*socket)->next) shared_.cancel_reservation(*(*socket)->next, reactor_.now());
  shared_.close(std::move((*socket)->relay));
  sockets_.erase(relay);
}

// --- To peers -----------------------------------------------------------------------------------

void Relays::send(Handle relay, const stun::TransportAddress& peer, Bytes payload,
                  turn::Fragmentation fragmentation) {
  auto* found = sockets_.find(relay);
  if (found == nullptr) return;
  RelaySocket& socket = **found;
  if (!has_bandwidth(socket, payload.size())) return;
  net::DatagramAddress to = to_datagram_address(peer);
  if (!may_reach(socket, peer, to)) {
    ++drops_.denied_peers;
    return;
  }
  if (fragmentation == turn::Fragmentation::Allowed) {
    return outbox_.add({.fd = socket.fd(), .to = to}, payload);
  }
  outbox_.flush();
  net::set_fragments(socket.fd(), net::Fragments::Forbidden);
  outbox_.add({.fd = socket.fd(), .to = to}, payload);
  outbox_.flush();
  net::set_fragments(socket.fd(), net::Fragments::Allowed);
}

/// On this machine only other relays may be reached. `to` becomes the address that leads there: not
/// every router leads back from outside.
bool Relays::may_reach(const RelaySocket& socket, const stun::TransportAddress& peer,
                       net::DatagramAddress& to) const {
  if (!rules_.is_own(peer)) {
    // It may be an address that this machine got a moment ago.
    return to.ip != socket.relay.address.ip || rules_.is_relay(peer);
  }
  if (!rules_.allows(peer)) return false;
  if (!outer_address(socket.relay.address).same_ip(peer)) return true;
  to.ip = socket.relay.address.ip;
  return rules_.allows(to_transport_address(to));
}

bool Relays::has_bandwidth(RelaySocket& socket, std::size_t bytes) {
  const auto& rate = shared_.settings().allocation_bytes;
  if (!socket.bytes.take(rate, reactor_.now(), static_cast<std::int64_t>(bytes))) return true;
  ++drops_.over_bandwidth;
  return false;
}

bool Relays::may_relay(Handle relay, std::size_t bytes) {
  auto* found = sockets_.find(relay);
  return found != nullptr && has_bandwidth(**found, bytes);
}

// --- From peers ---------------------------------------------------------------------------------

bool Relays::on_tick_end() {
  for (std::size_t first = 0; first < ready_.size(); first += net::limits::kDatagramsPerBatch) {
    receive(first, std::min(ready_.size() - first, net::limits::kDatagramsPerBatch));
  }
  ready_.clear();
  return false;
}

void Relays::receive(std::size_t first, std::size_t count) {
  readers_.clear();
  descriptors_.clear();
  for (std::size_t i = first; i < first + count; ++i) {
    auto* socket = sockets_.find(ready_[i]);
    if (socket == nullptr) continue;
    readers_.push_back(ready_[i]);
    descriptors_.push_back((*socket)->fd());
  }
  for (const net::Datagram& datagram : inbox_.receive_each(descriptors_, reactor_.batch())) {
    auto* socket = sockets_.find(readers_[datagram.source]);
    if (socket != nullptr) on_datagram(**socket, datagram);
  }
  outbox_.flush();
}

void Relays::on_datagram(RelaySocket& socket, const net::Datagram& datagram) {
  stun::TransportAddress peer = to_transport_address(datagram.from);
  // Another relay of ours: clients know it by its outer address.
  const bool is_ours = datagram.from.ip == socket.relay.address.ip && rules_.is_relay(peer);
  if (is_ours) peer = outer_address(datagram.from);
  receiver_(socket.allocation, peer, {.begin = datagram.begin, .size = datagram.size});
}

stun::TransportAddress Relays::outer_address(const net::DatagramAddress& address) const {
  const IpPair& external = shared_.settings().external_ip;
  const auto& ip = address.family == net::Family::Ipv6 ? external.v6 : external.v4;
  stun::TransportAddress outer = ip ? to_transport_address(*ip) : to_transport_address(address);
  outer.port = address.port;
  return outer;
}

}  // namespace carillon::transport
