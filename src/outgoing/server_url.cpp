#include "outgoing/server_url.hpp"

#include <fmt/format.h>
#include <sys/un.h>

#include <charconv>
#include <cstddef>

#include "protocol/http1/authority.hpp"
#include "protocol/http1/characters.hpp"
#include "protocol/http1/percent.hpp"

namespace carillon::outgoing {
namespace {

constexpr Bytes kHttp = "http://";
constexpr Bytes kHttps = "https://";
constexpr Bytes kUnix = "unix:";
constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;
constexpr std::size_t kUnixPathBytes = sizeof(sockaddr_un{}.sun_path) - 1;

std::unexpected<std::string> complaint(Bytes text, Bytes what) {
  return std::unexpected(fmt::format("'{}' is no server's address: {}", text, what));
}

/// What is commonly written instead, and what to write.
std::unexpected<std::string> wrong_scheme(Bytes text) {
  if (text.starts_with("wss://")) {
    return complaint(text, fmt::format("write https://{}", text.substr(6)));
  }
  if (text.starts_with("ws://")) {
    return complaint(text, fmt::format("write http://{}", text.substr(5)));
  }
  if (text.find("://") == Bytes::npos && !text.starts_with('/') && !text.empty()) {
    return complaint(text, fmt::format("write http://{}", text));
  }
  return complaint(text, "write http://HOST:PORT, https://HOST:PORT or unix:/PATH");
}

}  // namespace

Result<ServerUrl, std::string> ServerUrl::parse(Bytes text) {
  if (text.starts_with(kUnix)) return parse_unix(text);
  if (text.starts_with(kHttp) || text.starts_with(kHttps)) return parse_http(text);
  return wrong_scheme(text);
}

Result<ServerUrl, std::string> ServerUrl::parse_unix(Bytes text) {
  Bytes path = text.substr(kUnix.size());
  ServerUrl url;
  url.host_ = "localhost";
  if (const std::size_t base = path.rfind(":/"); base != Bytes::npos) {
    if (!url.set_base_path(path.substr(base + 1))) {
      return complaint(text, "its base path is no path of a URL");
    }
    path = path.substr(0, base);
  }
  if (path.empty() || path.size() > kUnixPathBytes || path.find('\0') != Bytes::npos) {
    return complaint(text, fmt::format("write unix:/PATH, at most {} bytes", kUnixPathBytes));
  }
  if (path.find(":/") != Bytes::npos) {
    return complaint(text, "after ':/' stands the base path, so a socket's path cannot have it");
  }
  url.unix_path_ = path;
  return url;
}

Result<ServerUrl, std::string> ServerUrl::parse_http(Bytes text) {
  const bool secure = text.starts_with(kHttps);
  const Bytes rest = text.substr((secure ? kHttps : kHttp).size());
  const std::size_t slash = rest.find('/');
  const auto authority = http1::split_authority(rest.substr(0, slash));
  if (!authority) {
    return complaint(text, fmt::format("write {}HOST:PORT", secure ? kHttps : kHttp));
  }
  ServerUrl url;
  url.secure_ = secure;
  url.port_ = secure ? kHttpsPort : kHttpPort;
  if (slash != Bytes::npos && !url.set_base_path(rest.substr(slash))) {
    return complaint(text, "after the host only the server's base path may follow");
  }
  Bytes host = authority->host;
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  url.host_ = host;
  if (authority->port.empty()) return url;
  const Bytes port = authority->port;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), url.port_);
  if (error != std::errc{} || url.port_ == 0) return complaint(text, "a port is 1 to 65535");
  return url;
}

/// False for what is no path: a query, a fragment, blanks.
bool ServerUrl::set_base_path(Bytes path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  if (!http1::consists_of(path, http1::CharacterClass::Path)) return false;
  if (!http1::is_percent_encoded(path)) return false;
  base_path_ = path;
  return true;
}

std::string ServerUrl::authority() const {
  const bool is_ipv6 = host_.find(':') != std::string::npos;
  const std::string host = is_ipv6 ? "[" + host_ + "]" : host_;
  const std::uint16_t usual = secure_ ? kHttpsPort : kHttpPort;
  return is_unix() || port_ == usual ? host : fmt::format("{}:{}", host, port_);
}

std::string ServerUrl::to_text() const {
  if (!is_unix()) return std::string(secure_ ? kHttps : kHttp) + authority() + base_path_;
  const std::string address = std::string(kUnix) + unix_path_;
  return base_path_.empty() ? address : address + ":" + base_path_;
}

}  // namespace carillon::outgoing
