#include "transport/turn/relay_ports.hpp"

namespace carillon::transport {

bool RelayPorts::take(std::uint16_t port) {
  auto& word = words_[port / kWordBits];
  return (word.fetch_or(bit(port), std::memory_order_relaxed) & bit(port)) == 0;
}

void RelayPorts::give_back(std::uint16_t port) {
  words_[port / kWordBits].fetch_and(~bit(port), std::memory_order_relaxed);
}

bool RelayPorts::has(std::uint16_t port) const {
  return (words_[port / kWordBits].load(std::memory_order_relaxed) & bit(port)) != 0;
}

}  // namespace carillon::transport
