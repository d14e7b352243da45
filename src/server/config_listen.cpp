#include "server/config_listen.hpp"

#include <charconv>
#include <cstddef>

#include "access/authority.hpp"
#include "access/decision.hpp"
#include "access/ip_address.hpp"

namespace carillon::server {
namespace {

constexpr std::string_view kUnixPrefix = "unix:";
/// sockaddr_un holds 108 octets, the last of which is NUL.
constexpr std::size_t kMaxUnixPathBytes = 107;

constexpr std::string_view kForms =
    "give e.g. \"127.0.0.1:8000\", \"[::1]:8000\", \"https://0.0.0.0:8443\" or "
    "\"unix:/run/carillon.sock\"";

std::unexpected<std::string> refuse(std::string_view text, std::string_view what) {
  return std::unexpected(access::in_quotes(text) + " " + std::string(what) + "; " +
                         std::string(kForms));
}

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* past = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), past, port);
  return error == std::errc{} && end == past;
}

Result<Reach, std::string> reach_of_path(std::string_view text) {
  const std::string_view path = text.substr(kUnixPrefix.size());
  if (path.empty()) return refuse(text, "has no path");
  if (path.size() > kMaxUnixPathBytes || path.find('\0') != std::string_view::npos) {
    return refuse(text, "has a path that no socket can have (107 bytes at most)");
  }
  return Reach::Local;
}

}  // namespace

ListenText split_listen(std::string_view text) {
  constexpr std::string_view kHttp = "http://";
  constexpr std::string_view kHttps = "https://";
  if (text.starts_with(kHttps)) return {Security::Tls, text.substr(kHttps.size())};
  if (text.starts_with(kHttp)) return {Security::Plain, text.substr(kHttp.size())};
  return {Security::Plain, text};
}

Result<Reach, std::string> reach_of_listen(std::string_view listen) {
  const std::string_view text = split_listen(listen).address;
  if (text.starts_with(kUnixPrefix)) return reach_of_path(text);
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || !is_port(text.substr(colon + 1))) {
    return refuse(text, "has no port (0 to 65535) at its end");
  }
  const std::string_view host = text.substr(0, colon);
  if (host.empty() || host == "*") return Reach::Open;
  const auto authority = access::parse_authority(text);
  if (!authority) return refuse(text, "is no address to listen on");
  if (const auto address = access::IpAddress::parse(authority->host)) {
    return address->is_loopback() ? Reach::Local : Reach::Open;
  }
  return access::equal_ignoring_case(authority->host, "localhost") ? Reach::Local : Reach::Open;
}

std::string open_listen_refusal(std::string_view listen) {
  return "listening on " + access::in_quotes(listen) +
         R"(, where other machines can reach this server, while nothing says what they may do.
  Write in the configuration file, with only what they may do in the list ([] for nothing):

    [access]
    anonymous = ["subscribe", "publish", "history", "ephemeral"]

  or set in the environment (docker run -e …):

    CARILLON_ACCESS_ANONYMOUS=subscribe,publish,history,ephemeral
)";
}

}  // namespace carillon::server
