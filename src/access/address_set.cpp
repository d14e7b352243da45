#include "access/address_set.hpp"

#include <algorithm>

namespace carillon::access {

bool AddressSet::add(Bytes text) {
  if (text == "unix:") {
    unix_sockets_ = true;
    return true;
  }
  const auto block = Cidr::parse(text);
  if (block) blocks_.push_back(*block);
  return block.has_value();
}

bool AddressSet::contains(const std::optional<IpAddress>& address) const {
  if (!address) return unix_sockets_;
  return std::ranges::any_of(blocks_,
                             [&address](const Cidr& block) { return block.contains(*address); });
}

}  // namespace carillon::access
