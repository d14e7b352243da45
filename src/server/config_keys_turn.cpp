#include "server/config_keys_turn.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "access/cidr.hpp"
#include "access/decision.hpp"
#include "access/ip_address.hpp"
#include "server/config_listen.hpp"
#include "server/config_rules.hpp"

namespace carillon::server {
namespace {

constexpr std::int64_t kMostAllocations = 65'536;
constexpr std::int64_t kMostRate = 1'000'000;
constexpr std::int64_t kGiB = 1024 * 1024 * 1024;
/// An answer to a stranger has at most 128 octets, and room for so many.
constexpr std::size_t kMostRealmBytes = 24;

using Texts = std::vector<std::string>;

Texts check_turn_listen(const ConfigValue& value) {
  Texts problems = check_listen(value);
  for (const std::string& text : std::get<Texts>(value)) {
    const bool plain = split_listen(text).address.size() == text.size();
    if (plain && !text.starts_with("unix:")) continue;
    problems.push_back(access::in_quotes(text) +
                       R"( is no address for TURN; write it like "0.0.0.0:3478")");
  }
  return problems;
}

Texts check_realm(const ConfigValue& value) {
  const auto& realm = std::get<std::string>(value);
  const bool readable = std::ranges::all_of(
      realm, [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != ':'; });
  if (!realm.empty() && realm.size() <= kMostRealmBytes && readable) return {};
  return {
      "must have 1 to 24 letters, digits or signs, without colon, quotes and spaces: it stands in "
      "every answer to a stranger, which must be short"};
}

/// What the name may be is the client's affair; a colon ends it here.
Texts check_users(const ConfigValue& value) {
  Texts problems;
  for (const std::string& text : std::get<Texts>(value)) {
    const std::size_t colon = text.find(':');
    if (colon != std::string::npos && colon > 0 && colon + 1 < text.size()) continue;
    // The entry itself may hold a password: it is not quoted.
    problems.emplace_back(R"(has an entry that is not like "name:password")");
  }
  return problems;
}

Texts check_ip_pair(const ConfigValue& value) {
  Texts problems;
  std::size_t of_v4 = 0;
  std::size_t of_v6 = 0;
  for (const std::string& text : std::get<Texts>(value)) {
    const auto ip = access::IpAddress::parse(text);
    if (ip) ++(ip->is_v4() ? of_v4 : of_v6);
    if (!ip) {
      problems.push_back(access::in_quotes(text) +
                         R"( is no IP address, e.g. "203.0.113.7" or "2001:db8::7")");
    }
  }
  if (of_v4 > 1 || of_v6 > 1) {
    problems.emplace_back("has more than one address of a family; one of each is enough");
  }
  return problems;
}

Texts check_blocks(const ConfigValue& value) {
  Texts problems;
  for (const std::string& text : std::get<Texts>(value)) {
    if (access::Cidr::parse(text)) continue;
    problems.push_back(access::in_quotes(text) +
                       R"( is no address or block, e.g. "10.0.0.0/8" or "fd00::/8")");
  }
  return problems;
}

template <class Field>
void add(std::vector<ConfigKey<Config>>& keys, std::string_view name, Field TurnConfig::* field,
         ValueRule rule, std::string_view doc) {
  const auto accessor = [field](auto& config) -> auto& { return config.turn.*field; };
  keys.push_back(make_key<Config>("turn", name, accessor, at_start(std::move(rule)), doc));
}

void add_addresses(std::vector<ConfigKey<Config>>& keys) {
  add(keys, "listen", &TurnConfig::listen, checked(check_turn_listen),
      "Addresses for clients, by UDP and TCP: \"0.0.0.0:3478\", \"[::]:3478\", \":3478\" (both).");
  add(keys, "tls_listen", &TurnConfig::tls_listen, checked(check_turn_listen),
      "Addresses for clients that come by TLS, with the certificates of [tls]: \"0.0.0.0:5349\".");
  add(keys, "external_ip", &TurnConfig::external_ip, checked(check_ip_pair),
      "The address, one of each family, that this machine is known by outside, where that is not\n"
      "its own: behind NAT, and in most clouds.");
  add(keys, "relay_ip", &TurnConfig::relay_ip, checked(check_ip_pair),
      "The machine's own address, one of each family, that data leaves from. Empty: the one that "
      "the\n"
      "client has reached, so a client that came by IPv4 is relayed by IPv4.");
  add(keys, "min_port", &TurnConfig::min_port, between(1024, 65'535),
      "The first UDP port that data is relayed from; the firewall must let these in, too.");
  add(keys, "max_port", &TurnConfig::max_port, between(1024, 65'535), "The last one.");
  add(keys, "allowed_peers", &TurnConfig::allowed_peers, checked(check_blocks),
      "Addresses or blocks that data may be relayed to although they are on this machine, "
      "private,\n"
      "link-local or special in another way: such are refused, so that nobody gets into your "
      "network\n"
      "through the relay. E.g. \"10.1.2.0/24\".");
}

void add_users(std::vector<ConfigKey<Config>>& keys) {
  add(keys, "realm", &TurnConfig::realm, checked(check_realm),
      "What clients are told that the password is for: at most 24 characters.");
  add(keys, "secret", &TurnConfig::secret, secret(checked(check_secret)),
      "Makes names that expire and their passwords (coturn: static-auth-secret): whoever knows it\n"
      "may hand out access. At least 32 characters. Empty: there are `users` alone.");
  add(keys, "users", &TurnConfig::users, secret(checked(check_users)),
      "Who may use the relay for ever: \"name:password\".");
}

void add_limits(std::vector<ConfigKey<Config>>& keys) {
  add(keys, "allocations", &TurnConfig::allocations, between(0, kMostAllocations),
      "How many relayed addresses there may be at a time; each needs a port. 0: any number.");
  add(keys, "user_allocations", &TurnConfig::user_allocations, between(0, kMostAllocations),
      "How many of them one user may have, by name. 0: any number.");
  add(keys, "address_allocations", &TurnConfig::address_allocations, between(0, kMostAllocations),
      "How many of them clients at one address may have (IPv6: at one /64). 0: any number.");
  add(keys, "allocation_bytes_per_s", &TurnConfig::allocation_bytes_per_s, between(0, kGiB),
      "What may go through one of them, both ways together; what is more is dropped. 0: anything.");
  add(keys, "source_answers_per_s", &TurnConfig::source_answers_per_s, between(0, kMostRate),
      "How many answers one address (IPv6: one /64) gets without a password: source addresses can "
      "be\n"
      "forged, so answers are bounded, and short. 0: any number.");
  add(keys, "stranger_answers_per_s", &TurnConfig::stranger_answers_per_s, between(0, kMostRate),
      "How many of these answers there are for all together. 0: any number.");
}

}  // namespace

void add_turn_keys(std::vector<ConfigKey<Config>>& keys) {
  add_addresses(keys);
  add_users(keys);
  add_limits(keys);
}

std::string turn_problem(const TurnConfig& config) {
  if (config.min_port > config.max_port) {
    return "[turn] min_port must not be more than max_port, which is " +
           std::to_string(config.max_port);
  }
  const bool is_on = !config.listen.empty() || !config.tls_listen.empty();
  if (is_on && config.secret.empty() && config.users.empty()) {
    return "[turn] listens, but nobody could use it: give a secret (e.g. from `openssl rand -hex "
           "32`), or users, e.g. users = [\"alice:a password\"]";
  }
  return {};
}

}  // namespace carillon::server
