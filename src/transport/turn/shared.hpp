// What the relays of all reactors share: quotas, rates, ports, and who may be reached.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>

#include "access/count_table.hpp"
#include "access/rate_table.hpp"
#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/stun/error.hpp"
#include "protocol/turn/path.hpp"
#include "protocol/turn/surroundings.hpp"
#include "transport/turn/peer_rules.hpp"
#include "transport/turn/relay_ports.hpp"
#include "transport/turn/reservations.hpp"
#include "transport/turn/settings.hpp"

namespace carillon::transport {

/// Thread: any.
class TurnShared {
 public:
  explicit TurnShared(TurnSettings settings);

  const TurnSettings& settings() const { return settings_; }
  /// For one reactor, which knows what this machine's addresses are.
  PeerRules peer_rules() const;
  const std::string& nonce_secret() const { return nonce_secret_; }

  /// Counts an answer to a stranger, or says no.
  bool may_answer(const stun::TransportAddress& client, TimePoint now);
  /// Counts an allocation of that user and that address, or says no.
  bool admit(Bytes username, const stun::TransportAddress& client);
  void release(Bytes username, const stun::TransportAddress& client);

  struct OpenedRelay {
    BoundRelay relay;
    std::optional<turn::ReservationToken> next;
  };
  /// Binds a port of the range at `ip`. Errors: InsufficientCapacity.
  Result<OpenedRelay, stun::ErrorCode> open(const net::DatagramAddress& ip,
                                            const turn::RelayWish& wish, TimePoint now);
  void close(BoundRelay relay);
  /// Quiet where another allocation has taken it.
  void cancel_reservation(const turn::ReservationToken& token, TimePoint now);
  void drop_expired_reservations(TimePoint now);

 private:
  RelayPorts& ports_of(net::Family family) {
    return family == net::Family::Ipv6 ? ports_v6_ : ports_v4_;
  }
  std::optional<BoundRelay> bind_any(net::DatagramAddress ip, const turn::RelayWish& wish);
  std::optional<BoundRelay> bind(const net::DatagramAddress& address);

  const TurnSettings settings_;
  const std::string nonce_secret_;
  RelayPorts ports_v4_;
  RelayPorts ports_v6_;
  Reservations reservations_;
  // Tables of their own: a flood from forged addresses fills these alone.
  access::RateTable rates_;
  access::CountTable counts_;
  std::atomic<std::size_t> allocations_{0};
};

}  // namespace carillon::transport
