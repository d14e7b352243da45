#include "server/config_keys_rtc.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "access/authority.hpp"
#include "access/decision.hpp"
#include "access/ip_address.hpp"
#include "server/config_rules.hpp"
#include "server/turn_settings.hpp"

namespace carillon::server {
namespace {

constexpr std::int64_t kDay = 24 * 60 * 60;  // seconds

using Texts = std::vector<std::string>;

Texts check_host(const ConfigValue& value) {
  const auto& text = std::get<std::string>(value);
  const auto authority = access::parse_authority(text);
  const bool is_bare_v6 = access::IpAddress::parse(text).has_value();
  if (text.empty() || is_bare_v6 || (authority && authority->host == text)) return {};
  return {R"(must be a name or an address without a port, e.g. "turn.example.com")"};
}

/// `scheme:host[:port][?transport=udp|tcp]` (RFC 7064 §3.1, RFC 7065 §3.1).
bool is_server_url(std::string_view url, std::string_view scheme) {
  if (!url.starts_with(scheme)) return false;
  url.remove_prefix(scheme.size());
  const std::size_t query = url.find('?');
  if (!access::parse_authority(url.substr(0, query))) return false;
  if (query == std::string_view::npos) return true;
  const bool takes_transport = scheme.starts_with("turn");
  const std::string_view transport = url.substr(query);
  return takes_transport && (transport == "?transport=udp" || transport == "?transport=tcp");
}

Texts check_urls(const ConfigValue& value, const std::array<std::string_view, 2>& schemes,
                 std::string_view example) {
  Texts problems;
  for (const std::string& url : std::get<Texts>(value)) {
    if (is_server_url(url, schemes[0]) || is_server_url(url, schemes[1])) continue;
    problems.push_back(access::in_quotes(url) + " is no such URL; write it like " +
                       std::string(example));
  }
  return problems;
}

Texts check_stun_urls(const ConfigValue& value) {
  return check_urls(value, {"stun:", "stuns:"}, R"("stun:stun.example.com:3478")");
}

Texts check_turn_urls(const ConfigValue& value) {
  return check_urls(value, {"turn:", "turns:"}, R"("turn:turn.example.com:3478?transport=udp")");
}

template <class Field>
void add(std::vector<ConfigKey<Config>>& keys, std::string_view name, Field RtcConfig::* field,
         ValueRule rule, std::string_view doc) {
  const auto accessor = [field](auto& config) -> auto& { return config.rtc.*field; };
  keys.push_back(make_key<Config>("rtc", name, accessor, std::move(rule), doc));
}

}  // namespace

template <>
std::vector<std::string> texts_of<IceTransportPolicy>() {
  return {"all", "relay"};
}

void add_rtc_keys(std::vector<ConfigKey<Config>>& keys) {
  add(keys, "host", &RtcConfig::host, checked(check_host),
      "The name or address at which clients find the relay of [turn]. Empty: [turn] external_ip, "
      "or\n"
      "else the host that they have asked; by TLS that one first, as the certificate is for it.");
  add(keys, "credential_s", &RtcConfig::credential, between(60, 30 * kDay),
      "How long a client may use a relay with what it was given, if its token lives that long. A\n"
      "call that is relayed ends with it.");
  add(keys, "ice_transport_policy", &RtcConfig::policy, one_of(texts_of<IceTransportPolicy>()),
      "\"relay\": peers reach each other over relays alone, and do not learn each other's "
      "address.");
  add(keys, "stun_urls", &RtcConfig::stun_urls, checked(check_stun_urls),
      "STUN servers elsewhere, in place of this one's: \"stun:stun.example.com:3478\".");
  add(keys, "turn_urls", &RtcConfig::turn_urls, checked(check_turn_urls),
      "Relays elsewhere, in place of [turn]: \"turn:turn.example.com:3478?transport=udp\".");
  add(keys, "turn_secret", &RtcConfig::turn_secret, secret(anything()),
      "The secret of these, which makes names that expire (coturn: static-auth-secret).");
}

std::string rtc_problem(const Config& config) {
  const RtcConfig& rtc = config.rtc;
  if (!rtc.turn_urls.empty() && rtc.turn_secret.empty()) {
    return "[rtc] turn_urls needs turn_secret: without it clients could not use these relays";
  }
  if (rtc.turn_urls.empty() && !rtc.turn_secret.empty()) {
    return "[rtc] turn_secret is that of turn_urls, which is empty; the secret of this server's "
           "own "
           "relay is [turn] secret";
  }
  const bool has_relay =
      !rtc.turn_urls.empty() || (uses_turn(config.turn) && !config.turn.secret.empty());
  if (rtc.policy == IceTransportPolicy::Relay && !has_relay) {
    return "[rtc] ice_transport_policy is \"relay\", but there is none that clients get a "
           "credential for: give [turn] listen and secret, or [rtc] turn_urls and turn_secret";
  }
  return {};
}

}  // namespace carillon::server
