#include "protocol/http1/authority.hpp"

#include <arpa/inet.h>

#include <array>

#include "protocol/http1/characters.hpp"
#include "protocol/http1/percent.hpp"

namespace carillon::http1 {
namespace {

constexpr std::size_t kPortDigits = 5;
constexpr std::uint32_t kLargestPort = 65'535;

bool is_port(Bytes text) {
  if (text.size() > kPortDigits || !consists_of(text, CharacterClass::Digit)) return false;
  std::uint32_t port = 0;
  for (const char digit : text) port = port * 10 + static_cast<std::uint32_t>(digit - '0');
  return port <= kLargestPort;
}

bool is_ipv6(Bytes text) {
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  if (text.size() >= terminated.size() || text.find('\0') != Bytes::npos) return false;
  text.copy(terminated.data(), text.size());
  in6_addr address{};
  return inet_pton(AF_INET6, terminated.data(), &address) == 1;
}

bool is_registered_name(Bytes text) {
  return !text.empty() && consists_of(text, CharacterClass::RegisteredName) &&
         is_percent_encoded(text);
}

}  // namespace

std::optional<Authority> split_authority(Bytes text) {
  const bool bracketed = text.starts_with('[');
  const std::size_t host_end = bracketed ? text.find(']') + 1 : text.find(':');
  if (bracketed && host_end == 0) return std::nullopt;

  Authority authority{text.substr(0, host_end), Bytes()};
  if (authority.host.size() < text.size()) {
    if (text[authority.host.size()] != ':') return std::nullopt;
    authority.port = text.substr(authority.host.size() + 1);
  }
  const bool valid_host = bracketed ? is_ipv6(authority.host.substr(1, authority.host.size() - 2))
                                    : is_registered_name(authority.host);
  if (!valid_host || !is_port(authority.port)) return std::nullopt;
  return authority;
}

}  // namespace carillon::http1
