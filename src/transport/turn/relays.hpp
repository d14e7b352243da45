// The relay sockets of one reactor: opened, closed, read and written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "core/slot_table.hpp"
#include "net/datagram_inbox.hpp"
#include "net/datagram_outbox.hpp"
#include "net/reactor.hpp"
#include "protocol/turn/data_indication.hpp"
#include "protocol/turn/surroundings.hpp"
#include "transport/turn/relay_socket.hpp"
#include "transport/turn/shared.hpp"

namespace carillon::transport {

/// What went no further, by why.
struct RelayDrops {
  std::uint64_t over_bandwidth = 0;
  std::uint64_t denied_peers = 0;  // to a port of this machine that is no relay's
  std::uint64_t slow_clients = 0;  // for a TCP client whose outbox is full
};

/// Thread: its reactor's.
class Relays final : private net::TickHook {
 public:
  /// Hears what peers sent; the buffer is good for the call.
  using Receiver = std::function<void(Handle allocation, const stun::TransportAddress& peer,
                                      turn::RoomyPayload payload)>;

  Relays(net::Reactor& reactor, TurnShared& shared, const PeerRules& rules,
         net::DatagramInbox& inbox, net::DatagramOutbox& outbox, RelayDrops& drops,
         Receiver receiver);
  ~Relays() override;

  /// `ip`: what it is bound to.
  Result<turn::Relay, stun::ErrorCode> open(const net::DatagramAddress& ip,
                                            const turn::RelayWish& wish, Handle allocation);
  void close(Handle relay);
  void send(Handle relay, const stun::TransportAddress& peer, Bytes payload,
            turn::Fragmentation fragmentation);
  /// Whether so many octets of a peer are within the allocation's bandwidth; they are counted.
  bool may_relay(Handle relay, std::size_t bytes);

 private:
  bool may_reach(const RelaySocket& socket, const stun::TransportAddress& peer,
                 net::DatagramAddress& to) const;
  bool has_bandwidth(RelaySocket& socket, std::size_t bytes);
  bool on_tick_end() override;
  void receive(std::size_t first, std::size_t count);
  void on_datagram(RelaySocket& socket, const net::Datagram& datagram);
  stun::TransportAddress outer_address(const net::DatagramAddress& address) const;

  net::Reactor& reactor_;
  TurnShared& shared_;
  const PeerRules& rules_;
  net::DatagramInbox& inbox_;
  net::DatagramOutbox& outbox_;
  RelayDrops& drops_;
  Receiver receiver_;
  SlotTable<std::unique_ptr<RelaySocket>> sockets_;
  std::vector<Handle> ready_;
  std::vector<Handle> readers_;   // those of one batch …
  std::vector<int> descriptors_;  // … and their sockets
};

}  // namespace carillon::transport
