#include "protocol/socketio/packet.hpp"

#include <algorithm>
#include <array>

#include "protocol/json/scalar.hpp"

namespace carillon::socketio {

std::string Packet::event() const {
  const json::Value name = element(0);
  return name.kind == json::Kind::String ? json::decode_string(name.raw) : std::string(name.raw);
}

QueriedNamespace split_query(Bytes name_space) {
  const std::size_t mark = name_space.find('?');
  if (mark == Bytes::npos) return {.name = name_space, .query = {}};
  return {.name = name_space.substr(0, mark), .query = name_space.substr(mark + 1)};
}

bool is_reserved_event(std::string_view name) {
  constexpr std::array<std::string_view, 6> kReserved = {
      "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"};
  return std::ranges::find(kReserved, name) != kReserved.end();
}

}  // namespace carillon::socketio
