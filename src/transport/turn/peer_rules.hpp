// With whom data may be exchanged through the relay: not with what only this machine, or only its
// network, should reach.
#pragma once

#include <vector>

#include "access/cidr.hpp"
#include "access/ip_address.hpp"
#include "protocol/stun/transport_address.hpp"
#include "transport/turn/relay_ports.hpp"

namespace carillon::transport {

/// Thread: immutable, but for the ports that it asks.
class PeerRules {
 public:
  struct Ports {
    const RelayPorts& v4;
    const RelayPorts& v6;
  };

  /// `allowed` overrides what is denied, but for nobody's addresses and multicast. `own`: the
  /// addresses of this machine, and those it is known by outside: data reaches nothing there but
  /// other relays.
  PeerRules(std::vector<access::Cidr> allowed, std::vector<access::IpAddress> own, Ports ports);

  /// Whether permission may be given (port 0), or data sent.
  bool allows(const stun::TransportAddress& peer) const;
  bool is_own(const stun::TransportAddress& peer) const;
  bool is_relay_port(const stun::TransportAddress& peer) const;

 private:
  std::vector<access::Cidr> allowed_;
  std::vector<access::Cidr> never_;
  std::vector<access::Cidr> denied_;
  std::vector<access::IpAddress> own_;
  Ports ports_;
};

/// The addresses of this machine's interfaces, as they are now.
std::vector<access::IpAddress> interface_addresses();

}  // namespace carillon::transport
