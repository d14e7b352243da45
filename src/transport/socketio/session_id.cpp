#include "transport/socketio/session_id.hpp"

#include <algorithm>
#include <cstddef>

#include "core/base64.hpp"
#include "core/random.hpp"

namespace carillon::transport {
namespace {

constexpr std::size_t kIdBytes =
    sizeof(std::uint16_t) + 2 * sizeof(std::uint32_t) + EngineSessionId::Secret{}.size();

template <class Number>
void append_number(std::string& out, Number number) {
  for (std::size_t i = sizeof number; i-- > 0;) out.push_back(static_cast<char>(number >> (8 * i)));
}

template <class Number>
Number take_number(Bytes& octets) {
  Number number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) {
    number = static_cast<Number>(number << 8 | static_cast<unsigned char>(octets[i]));
  }
  octets.remove_prefix(sizeof number);
  return number;
}

}  // namespace

EngineSessionId::Secret random_secret() {
  EngineSessionId::Secret secret{};
  std::ranges::copy(random_octets(secret.size()), secret.begin());
  return secret;
}

std::string to_text(const EngineSessionId& id) {
  std::string octets;
  append_number(octets, id.reactor);
  append_number(octets, id.session.slot);
  append_number(octets, id.session.generation);
  octets.append(id.secret.data(), id.secret.size());
  return base64url_encode(octets);
}

std::optional<EngineSessionId> parse_session_id(Bytes text) {
  const auto decoded = base64url_decode(text);
  if (!decoded || decoded->size() != kIdBytes) return std::nullopt;
  Bytes octets = *decoded;
  EngineSessionId id;
  id.reactor = take_number<std::uint16_t>(octets);
  id.session.slot = take_number<std::uint32_t>(octets);
  id.session.generation = take_number<std::uint32_t>(octets);
  std::ranges::copy(octets, id.secret.begin());
  return id;
}

}  // namespace carillon::transport
