#include "transport/turn/address.hpp"

#include <algorithm>

namespace carillon::transport {

stun::TransportAddress to_transport_address(const net::DatagramAddress& address) {
  return {.ip = address.ip,
          .port = address.port,
          .family = address.family == net::Family::Ipv6 ? stun::Family::Ipv6 : stun::Family::Ipv4};
}

stun::TransportAddress to_transport_address(const net::PeerAddress& address) {
  return to_transport_address(
      net::DatagramAddress{.ip = address.ip(), .port = address.port(), .family = address.family()});
}

net::DatagramAddress to_datagram_address(const stun::TransportAddress& address) {
  return {.ip = address.ip,
          .port = address.port,
          .family = address.family == stun::Family::Ipv6 ? net::Family::Ipv6 : net::Family::Ipv4};
}

std::optional<access::IpAddress> to_ip_address(const stun::TransportAddress& address) {
  auto ip = access::IpAddress::from_octets(address.ip_octets());
  const bool disguised = address.family == stun::Family::Ipv6 && ip && ip->is_v4();
  return disguised ? std::nullopt : ip;
}

stun::TransportAddress to_transport_address(const access::IpAddress& address) {
  stun::TransportAddress result;
  constexpr std::size_t kIpv4At = 12;
  result.family = address.is_v4() ? stun::Family::Ipv4 : stun::Family::Ipv6;
  const auto begin = address.octets().begin() + (address.is_v4() ? kIpv4At : 0);
  std::copy(begin, address.octets().end(), result.ip.begin());
  return result;
}

}  // namespace carillon::transport
