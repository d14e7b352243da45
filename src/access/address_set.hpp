// Lists of addresses in the configuration: `[access] trusted_proxies`, `[limits] exempt`.
#pragma once

#include <optional>
#include <vector>

#include "access/cidr.hpp"
#include "access/ip_address.hpp"
#include "core/bytes.hpp"

namespace carillon::access {

class AddressSet {
 public:
  /// An address, a CIDR block, or `unix:` for whoever speaks over a Unix socket.
  /// False, and nothing added, for anything else.
  [[nodiscard]] bool add(Bytes text);
  /// Empty: a Unix socket.
  bool contains(const std::optional<IpAddress>& address) const;

 private:
  std::vector<Cidr> blocks_;
  bool unix_sockets_ = false;
};

}  // namespace carillon::access
