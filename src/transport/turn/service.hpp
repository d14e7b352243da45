// The TURN server of one reactor: the engine, and the sockets it speaks through.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/slot_table.hpp"
#include "net/datagram_inbox.hpp"
#include "net/datagram_outbox.hpp"
#include "net/interfaces.hpp"
#include "net/reactor.hpp"
#include "protocol/stun/authenticator.hpp"
#include "protocol/turn/credentials.hpp"
#include "protocol/turn/server.hpp"
#include "transport/turn/listener.hpp"
#include "transport/turn/relays.hpp"
#include "transport/turn/shared.hpp"

namespace carillon::transport {

/// A copy of one reactor's counts.
struct TurnCounts {
  turn::Probe turn;
  RelayDrops drops;
  std::size_t allocations = 0;
};

/// Thread:   its reactor's, once that runs.
/// Lifetime: made before the reactor runs, destroyed after it has stopped, and after its streams.
class TurnService final : private turn::Outlet, private turn::Policy {
 public:
  /// Throws std::runtime_error where it cannot tell what this machine's addresses are.
  TurnService(net::Reactor& reactor, TurnShared& shared);
  ~TurnService() override;

  /// Before the reactor runs. `address`: what the socket is bound to.
  void add_listener(net::UniqueFd socket, const net::DatagramAddress& address);

  /// From a TCP client; its answers go to the stream that `path.link` names.
  void on_message(const turn::Path& path, Bytes message);
  /// After a call of on_message, before its buffer goes.
  void flush() { outbox_.flush(); }
  bool has_allocation(const turn::Path& path) { return server_.has_allocation(path); }

  /// No new allocations from now on.
  void drain() { draining_ = true; }
  TurnCounts counts() const;

  void opened_connection() { ++connections_; }
  void closed_connection(const turn::Path& path);
  /// TCP clients.
  std::size_t connection_count() const { return connections_; }

 private:
  void answer(const turn::Path& path, std::string message) override;
  void to_client(const turn::Path& path, Bytes octets) override;
  void to_peer(Handle relay, const stun::TransportAddress& peer, Bytes payload,
               turn::Fragmentation fragmentation) override;
  Result<turn::Relay, stun::ErrorCode> open_relay(const turn::Path& path,
                                                  const turn::RelayWish& wish,
                                                  Handle allocation) override;
  void close_relay(Handle relay) override;
  bool may_answer(const turn::Path& path, TimePoint now) override;
  bool may_relay(Handle relay, std::size_t bytes) override {
    return relays_.may_relay(relay, bytes);
  }
  bool may_reach(const stun::TransportAddress& peer) override;
  bool admit(Bytes username, const turn::Path& path) override;
  void release(Bytes username, const turn::Path& path) override;

  void on_datagram(const TurnListener& listener, const net::Datagram& datagram);
  net::DatagramOutbox::Route route_to(const turn::Path& path) const;
  void send_over_stream(const turn::Path& path, Bytes octets);
  std::optional<net::DatagramAddress> relay_ip(const turn::Path& path, stun::Family family) const;
  void keep_time();
  Result<void, std::string> read_own_addresses();

  net::Reactor& reactor_;
  TurnShared& shared_;
  net::DatagramInbox inbox_;
  net::DatagramOutbox outbox_;
  RelayDrops drops_;
  turn::Credentials credentials_;
  stun::Authenticator authenticator_;
  PeerRules rules_;
  net::InterfaceWatch interfaces_;
  bool hears_changes_ = false;  // of the addresses that the rules know
  Relays relays_;
  turn::Server server_;
  std::vector<std::unique_ptr<TurnListener>> listeners_;
  std::size_t connections_ = 0;
  bool draining_ = false;
};

/// The link of a TCP client's path, and back.
inline std::uint64_t link_of(Handle stream) {
  return std::uint64_t{stream.slot} << 32 | stream.generation;
}
inline Handle stream_of(std::uint64_t link) {
  return {.slot = static_cast<std::uint32_t>(link >> 32),
          .generation = static_cast<std::uint32_t>(link)};
}

}  // namespace carillon::transport
