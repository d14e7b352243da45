// With whom data may be exchanged through the relay: not with what only this machine, or only its
// network, should reach.
#pragma once

#include <utility>
#include <vector>

#include "access/cidr.hpp"
#include "access/ip_address.hpp"
#include "protocol/stun/transport_address.hpp"
#include "transport/turn/relay_ports.hpp"

namespace carillon::transport {

/// Thread: one reactor's, but for the ports that it asks.
class PeerRules {
 public:
  struct Ports {
    const RelayPorts& v4;
    const RelayPorts& v6;
  };

  using Addresses = std::vector<access::IpAddress>;

  /// `allowed` overrides what is denied, but for nobody's addresses and multicast. `outer`: the
  /// addresses that this machine is known by outside: data reaches nothing there but other relays.
  PeerRules(std::vector<access::Cidr> allowed, Addresses outer, Ports ports);

  /// This machine's addresses, from now on: for them the same holds.
  void set_own(Addresses own) { own_ = std::move(own); }

  /// Whether permission may be given (port 0), or data sent.
  bool allows(const stun::TransportAddress& peer) const;
  bool is_own(const stun::TransportAddress& peer) const;
  /// Whether a relay is there; at an outer address, whichever it is bound to.
  bool is_relay(const stun::TransportAddress& peer) const;

 private:
  std::vector<access::Cidr> allowed_;
  std::vector<access::Cidr> never_;
  std::vector<access::Cidr> denied_;
  Addresses own_;
  Addresses outer_;
  Ports ports_;
};

}  // namespace carillon::transport
