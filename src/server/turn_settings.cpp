#include "server/turn_settings.hpp"

#include "access/ip_address.hpp"
#include "core/check.hpp"

namespace carillon::server {
namespace {

/// What a burst may have: two seconds' worth.
constexpr std::int64_t kBurstSeconds = 2;

access::Rate rate_of(std::size_t per_second) {
  const auto rate = static_cast<std::int64_t>(per_second);
  return {.per_second = rate, .burst = rate * kBurstSeconds};
}

transport::IpPair ip_pair(const std::vector<std::string>& texts) {
  transport::IpPair pair;
  for (const std::string& text : texts) {
    const auto ip = access::IpAddress::parse(text);
    CARILLON_CHECK(ip.has_value());
    (ip->is_v4() ? pair.v4 : pair.v6) = ip;
  }
  return pair;
}

}  // namespace

transport::TurnSettings turn_settings(const TurnConfig& config) {
  transport::TurnSettings settings{
      .realm = config.realm,
      .users = {},
      .secret = config.secret,
      .external_ip = ip_pair(config.external_ip),
      .relay_ip = ip_pair(config.relay_ip),
      .relay_ports = {.first = static_cast<std::uint16_t>(config.min_port),
                      .last = static_cast<std::uint16_t>(config.max_port)},
      .allowed_peers = {},
      .allocations = config.allocations,
      .user_allocations = config.user_allocations,
      .address_allocations = config.address_allocations,
      .allocation_bytes = rate_of(config.allocation_bytes_per_s),
      .source_answers = rate_of(config.source_answers_per_s),
      .stranger_answers = rate_of(config.stranger_answers_per_s)};
  for (const std::string& user : config.users) {
    const std::size_t colon = user.find(':');
    settings.users.emplace(user.substr(0, colon), user.substr(colon + 1));
  }
  for (const std::string& text : config.allowed_peers) {
    const auto block = access::Cidr::parse(text);
    CARILLON_CHECK(block.has_value());
    settings.allowed_peers.push_back(*block);
  }
  return settings;
}

}  // namespace carillon::server
