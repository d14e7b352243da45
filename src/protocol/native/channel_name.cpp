#include "protocol/native/channel_name.hpp"

#include <algorithm>
#include <array>

namespace carillon::native {
namespace {

constexpr std::array<bool, 256> kAllowed = [] {
  std::array<bool, 256> allowed{};
  constexpr Bytes kCharacters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:/@|+=~!-";
  for (const char character : kCharacters) allowed[static_cast<unsigned char>(character)] = true;
  return allowed;
}();

bool is_allowed(char character) {
  return kAllowed[static_cast<unsigned char>(character)];
}

}  // namespace

bool is_channel_name(Bytes name) {
  return !name.empty() && name.size() <= kMaxChannelNameBytes &&
         std::ranges::all_of(name, is_allowed);
}

Bytes channel_namespace(Bytes name) {
  const std::size_t colon = name.find(':');
  return colon == Bytes::npos ? Bytes{} : name.substr(0, colon);
}

bool is_client_channel(Bytes name) {
  constexpr std::size_t kLength = kClientNamespace.size();
  return name.size() > kLength && name[kLength] == ':' && name.starts_with(kClientNamespace);
}

}  // namespace carillon::native
