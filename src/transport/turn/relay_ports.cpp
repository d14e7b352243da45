#include "transport/turn/relay_ports.hpp"

#include "core/bytes.hpp"
#include "core/hash.hpp"

namespace carillon::transport {

std::uint32_t RelayPorts::mark_of(const net::IpBytes& ip) {
  const Bytes octets(reinterpret_cast<const char*>(ip.data()), ip.size());
  return static_cast<std::uint32_t>(StringHash()(octets)) | 1;
}

bool RelayPorts::take(std::uint16_t port, const net::IpBytes& ip) {
  std::uint32_t nobody = 0;
  return marks_[port].compare_exchange_strong(nobody, mark_of(ip), std::memory_order_relaxed);
}

void RelayPorts::give_back(std::uint16_t port) {
  marks_[port].store(0, std::memory_order_relaxed);
}

bool RelayPorts::has(std::uint16_t port) const {
  return marks_[port].load(std::memory_order_relaxed) != 0;
}

bool RelayPorts::has(std::uint16_t port, const net::IpBytes& ip) const {
  return marks_[port].load(std::memory_order_relaxed) == mark_of(ip);
}

}  // namespace carillon::transport
