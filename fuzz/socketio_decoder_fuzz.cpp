// Packets of strangers: each message of the input ends at a line's end, and is binary after `b`.
// Whatever is accepted must be sayable again, and mean the same.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/check.hpp"
#include "core/utf8.hpp"
#include "protocol/json/validator.hpp"
#include "protocol/socketio/decoder.hpp"
#include "protocol/socketio/encode.hpp"
#include "protocol/socketio/placeholder.hpp"

namespace {

using namespace carillon;
using namespace carillon::socketio;

std::string arguments_of(const Packet& packet, std::size_t first) {
  std::string out;
  for (std::size_t i = first; i < packet.elements.size(); ++i) {
    if (i != first) out.push_back(',');
    append_renumbered(out, packet.element(i).raw, packet.attachments.size(), 0);
  }
  return out;
}

void check_same(const Packet& packet, const std::string& text) {
  const auto again = parse_text(text);
  CARILLON_CHECK(again);
  CARILLON_CHECK(again->attachment_count == packet.attachments.size());
  CARILLON_CHECK(again->packet.name_space == packet.name_space && again->packet.id == packet.id);
  CARILLON_CHECK(again->packet.elements.size() == packet.elements.size());
}

void check_packet(const Packet& packet) {
  CARILLON_CHECK(is_utf8(packet.name_space) && packet.name_space.starts_with('/'));
  CARILLON_CHECK(packet.data.empty() || json::validate(packet.data));
  const Address address = {.name_space = packet.name_space, .id = packet.id};
  std::string text;
  if (packet.type == PacketType::Event) {
    append_event(text, address, packet.event(), arguments_of(packet, 1), packet.attachments.size());
    check_same(packet, text);
  } else if (packet.type == PacketType::Ack) {
    append_ack(text, address, arguments_of(packet, 0), packet.attachments.size());
    check_same(packet, text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes rest(reinterpret_cast<const char*>(data), size);
  Decoder decoder;
  while (!rest.empty()) {
    const Bytes line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const auto packet =
        line.starts_with('b') ? decoder.on_binary(line.substr(1)) : decoder.on_text(line);
    if (!packet) return 0;
    if (*packet) check_packet(**packet);
  }
  return 0;
}
