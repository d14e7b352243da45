// What `[turn]` says, for the relay.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/cidr.hpp"
#include "access/ip_address.hpp"
#include "access/rate.hpp"
#include "protocol/turn/credentials.hpp"

namespace carillon::transport {

/// One address of each family.
struct IpPair {
  std::optional<access::IpAddress> v4;
  std::optional<access::IpAddress> v6;
};

struct PortRange {
  std::uint16_t first = 49'152;
  std::uint16_t last = 65'535;
};

struct TurnSettings {
  std::string realm;
  turn::Credentials::Users users;
  std::string secret;  // empty: no timed credentials
  IpPair external_ip;  // as peers see us
  IpPair relay_ip;     // what relays are bound to; none: the address that the client reached
  PortRange relay_ports;
  std::vector<access::Cidr> allowed_peers;
  // 0: any number.
  std::size_t allocations = 0;
  std::size_t user_allocations = 0;
  std::size_t address_allocations = 0;
  access::Rate allocation_bytes;  // of one allocation, both ways together
  access::Rate source_answers;    // to strangers at one address
  access::Rate stranger_answers;  // to all of them
};

}  // namespace carillon::transport
