// The same addresses in the words of three modules.
#pragma once

#include <optional>

#include "access/ip_address.hpp"
#include "net/address.hpp"
#include "net/datagram_address.hpp"
#include "protocol/stun/transport_address.hpp"

namespace carillon::transport {

stun::TransportAddress to_transport_address(const net::DatagramAddress& address);
/// A client's or our own end of a TCP connection.
stun::TransportAddress to_transport_address(const net::PeerAddress& address);
net::DatagramAddress to_datagram_address(const stun::TransportAddress& address);

/// Empty for an IPv4 address in the clothes of IPv6 (RFC 4291 §2.5.5.2): on the wire it is
/// nobody's.
std::optional<access::IpAddress> to_ip_address(const stun::TransportAddress& address);
/// With port 0.
stun::TransportAddress to_transport_address(const access::IpAddress& address);

}  // namespace carillon::transport
