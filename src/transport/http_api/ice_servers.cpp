#include "transport/http_api/ice_servers.hpp"

#include <algorithm>
#include <optional>

#include "access/authority.hpp"
#include "protocol/json/writer.hpp"
#include "protocol/turn/credentials.hpp"

namespace carillon::transport {
namespace {

using Texts = std::vector<std::string>;

constexpr std::int64_t kMicrosecondsPerSecond = 1'000'000;

struct Urls {
  Texts stun;
  Texts turn;
};

/// As it stands in a URL: IPv6 in brackets.
std::string in_url(Bytes host) {
  return host.find(':') == Bytes::npos ? std::string(host) : "[" + std::string(host) + "]";
}

Texts hosts_in_urls(const Texts& hosts) {
  Texts result;
  for (const std::string& host : hosts) result.push_back(in_url(host));
  return result;
}

/// A proxy may stand at the host that the client has asked; at the outer address there is none. By
/// TLS it must be a name, which the certificate is for.
Texts hosts_of(const RtcSettings& settings, RelayDoor::Kind kind, Bytes authority) {
  if (!settings.host.empty()) return {in_url(settings.host)};
  const auto asked = access::parse_authority(authority);
  const bool needs_name = kind == RelayDoor::Kind::Tls;
  const bool is_better = needs_name && asked && asked->kind == access::HostKind::Name;
  if (!settings.outer_ips.empty() && !is_better) return hosts_in_urls(settings.outer_ips);
  return asked ? Texts{in_url(asked->host)} : Texts{};
}

void add_urls(Urls& urls, const RelayDoor& door, const Texts& hosts) {
  for (const std::string& host : hosts) {
    const std::string place = host + ":" + std::to_string(door.port);
    if (door.kind == RelayDoor::Kind::Tls) {
      urls.turn.push_back("turns:" + place + "?transport=tcp");
      continue;
    }
    urls.stun.push_back("stun:" + place);
    urls.turn.push_back("turn:" + place + "?transport=udp");
    urls.turn.push_back("turn:" + place + "?transport=tcp");
  }
}

Urls urls_of(const RtcSettings& settings, const RelayDoors& doors, Bytes authority) {
  Urls urls;
  for (const RelayDoor& door : doors) {
    add_urls(urls, door, hosts_of(settings, door.kind, authority));
  }
  if (!settings.turn_urls.empty()) urls = {.stun = {}, .turn = settings.turn_urls};
  if (!settings.stun_urls.empty()) urls.stun = settings.stun_urls;
  return urls;
}

void append_texts(std::string& out, const Texts& texts) {
  char separator = '[';
  for (const std::string& text : texts) {
    out.push_back(separator);
    json::append_string(out, text);
    separator = ',';
  }
  out.push_back(']');
}

void append_server(std::string& list, const Texts& urls,
                   const std::optional<turn::TimedCredential>& credential) {
  if (list.back() != '[') list.push_back(',');
  json::ObjectWriter server(list);
  append_texts(server.begin("urls"), urls);
  if (credential) {
    server.text("username", credential->username).text("credential", credential->password);
  }
  server.finish();
}

}  // namespace

void add_door(RelayDoors& doors, const RelayDoor& door) {
  if (std::ranges::find(doors, door) == doors.end()) doors.push_back(door);
}

std::string ice_configuration(const RtcSettings& settings, const RelayDoors& doors,
                              const IceClient& client) {
  const Urls urls = urls_of(settings, doors, client.authority);
  std::string out;
  json::ObjectWriter configuration(out);
  std::string& list = configuration.begin("iceServers");
  list.push_back('[');
  if (!urls.stun.empty()) append_server(list, urls.stun, std::nullopt);
  if (!urls.turn.empty() && !settings.secret.empty()) {
    append_server(list, urls.turn,
                  turn::mint_credential(settings.secret, client.name, client.expiry));
  }
  list.push_back(']');
  const std::int64_t left = client.expiry.microseconds / kMicrosecondsPerSecond -
                            client.now.microseconds / kMicrosecondsPerSecond;
  configuration.text("iceTransportPolicy", settings.relay_only ? "relay" : "all")
      .integer("ttl_s", std::max<std::int64_t>(left, 0))
      .finish();
  return out;
}

}  // namespace carillon::transport
