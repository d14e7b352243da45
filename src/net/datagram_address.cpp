#include "net/datagram_address.hpp"

#include <algorithm>
#include <cstring>

namespace carillon::net {

DatagramAddress DatagramAddress::from(const sockaddr* address) {
  DatagramAddress result;
  if (address->sa_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, address, sizeof in);
    std::memcpy(result.ip.data(), &in.sin_addr, sizeof in.sin_addr);
    result.port = ntohs(in.sin_port);
    result.family = Family::Ipv4;
  } else if (address->sa_family == AF_INET6) {
    sockaddr_in6 in{};
    std::memcpy(&in, address, sizeof in);
    std::memcpy(result.ip.data(), &in.sin6_addr, sizeof in.sin6_addr);
    result.port = ntohs(in.sin6_port);
    result.family = Family::Ipv6;
  }
  return result;
}

socklen_t DatagramAddress::to_socket(sockaddr_in6& storage) const {
  storage = {};
  if (family == Family::Ipv6) {
    storage.sin6_family = AF_INET6;
    storage.sin6_port = htons(port);
    std::memcpy(&storage.sin6_addr, ip.data(), sizeof storage.sin6_addr);
    return sizeof storage;
  }
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_port = htons(port);
  std::memcpy(&in.sin_addr, ip.data(), sizeof in.sin_addr);
  std::memcpy(&storage, &in, sizeof in);
  return sizeof in;
}

std::string DatagramAddress::to_text() const {
  sockaddr_in6 storage{};
  const socklen_t size = to_socket(storage);
  return Address::from(reinterpret_cast<const sockaddr*>(&storage), size).to_text();
}

}  // namespace carillon::net
