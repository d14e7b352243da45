#include "net/tls_ticket_keys.hpp"

#include <openssl/rand.h>

#include <algorithm>

#include "core/check.hpp"
#include "net/limits.hpp"

namespace carillon::net {
namespace {

template <std::size_t Size>
void fill(std::array<unsigned char, Size>& octets) {
  CARILLON_CHECK(RAND_priv_bytes(octets.data(), static_cast<int>(octets.size())) == 1);
}

}  // namespace

TicketKey TicketKey::make() {
  TicketKey key;
  fill(key.name);
  fill(key.cipher);
  fill(key.mac);
  return key;
}

void TicketKeys::add(const TicketKey& key) {
  keys_.insert(keys_.begin(), key);
  if (keys_.size() > limits::kTicketKeys) keys_.pop_back();
}

const TicketKey* TicketKeys::find(std::span<const unsigned char, 16> name) const {
  const auto found = std::ranges::find_if(
      keys_, [name](const TicketKey& key) { return std::ranges::equal(key.name, name); });
  return found == keys_.end() ? nullptr : &*found;
}

}  // namespace carillon::net
