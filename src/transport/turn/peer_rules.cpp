#include "transport/turn/peer_rules.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/bytes.hpp"
#include "core/check.hpp"
#include "transport/turn/address.hpp"

namespace carillon::transport {
namespace {

/// No setting opens these: they are nobody's, or everybody's.
constexpr std::array<Bytes, 5> kNever = {"0.0.0.0/8", "224.0.0.0/4", "255.255.255.255",
                                         "::", "ff00::/8"};

/// The IANA's registries of special-purpose addresses (RFC 6890), as far as they lead to this
/// machine or its network, and forms of IPv6 that lead to IPv4 addresses.
constexpr std::array<Bytes, 17> kDenied = {
    "10.0.0.0/8",      // private use
    "100.64.0.0/10",   // shared by a provider's customers
    "127.0.0.0/8",     // loopback
    "169.254.0.0/16",  // link-local, and the clouds' metadata
    "172.16.0.0/12",   // private use
    "192.0.0.0/24",    // protocol assignments
    "192.168.0.0/16",  // private use
    "198.18.0.0/15",   // benchmarking
    "240.0.0.0/4",     // reserved
    "::1",             // loopback
    "::/96",           // IPv4-compatible
    "64:ff9b::/96",    // NAT64
    "64:ff9b:1::/48",  // NAT64 of a network's own
    "2001::/32",       // Teredo
    "2002::/16",       // 6to4
    "fc00::/7",        // unique local
    "fe80::/9",        // link-local, and site-local before that was given up
};

template <std::size_t Count>
std::vector<access::Cidr> blocks_of(const std::array<Bytes, Count>& texts) {
  std::vector<access::Cidr> blocks;
  for (const Bytes text : texts) {
    const auto block = access::Cidr::parse(text);
    CARILLON_CHECK(block.has_value());
    blocks.push_back(*block);
  }
  return blocks;
}

bool is_in(const std::vector<access::Cidr>& blocks, const access::IpAddress& address) {
  return std::ranges::any_of(blocks, [&](const auto& block) { return block.contains(address); });
}

bool is_one_of(const PeerRules::Addresses& addresses, const access::IpAddress& address) {
  return std::ranges::find(addresses, address) != addresses.end();
}

}  // namespace

PeerRules::PeerRules(std::vector<access::Cidr> allowed, Addresses outer, Ports ports)
    : allowed_(std::move(allowed)),
      never_(blocks_of(kNever)),
      denied_(blocks_of(kDenied)),
      outer_(std::move(outer)),
      ports_(ports) {}

bool PeerRules::allows(const stun::TransportAddress& peer) const {
  const auto address = to_ip_address(peer);
  if (!address || is_in(never_, *address)) return false;
  if (is_in(allowed_, *address)) return true;
  if (is_own(peer)) return peer.port == 0 || is_relay(peer);
  return !is_in(denied_, *address);
}

bool PeerRules::is_own(const stun::TransportAddress& peer) const {
  const auto address = to_ip_address(peer);
  return address && (is_one_of(own_, *address) || is_one_of(outer_, *address));
}

bool PeerRules::is_relay(const stun::TransportAddress& peer) const {
  const RelayPorts& ports = peer.family == stun::Family::Ipv4 ? ports_.v4 : ports_.v6;
  if (ports.has(peer.port, peer.ip)) return true;
  const auto address = to_ip_address(peer);
  return address && is_one_of(outer_, *address) && ports.has(peer.port);
}

}  // namespace carillon::transport
