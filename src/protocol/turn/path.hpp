// The path between a client and us: the 5-tuple that an allocation belongs to (RFC 8656 §3.2).
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/hash.hpp"
#include "protocol/stun/transport_address.hpp"

namespace carillon::turn {

enum class Protocol : std::uint8_t { Udp, Tcp };

struct Path {
  stun::TransportAddress client;
  stun::TransportAddress server;
  Protocol protocol = Protocol::Udp;
  std::uint64_t link = 0;  // the owner's: which socket or connection it is

  bool operator==(const Path&) const = default;
};

struct PathHash {
  std::size_t operator()(const Path& path) const {
    // What differs between clients of one socket; the rest is left to ==.
    const auto* octets = reinterpret_cast<const char*>(&path.client);
    static_assert(sizeof(stun::TransportAddress) == 20);
    return StringHash()(Bytes(octets, 19)) ^ path.link;  // without the octet of padding
  }
};

}  // namespace carillon::turn
