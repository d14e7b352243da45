#include "protocol/engineio/open_packet.hpp"

#include <fmt/format.h>

#include <iterator>

#include "protocol/engineio/packet.hpp"

namespace carillon::engineio {

void append_open_packet(std::string& out, const Opening& opening) {
  out.push_back(digit_of(PacketType::Open));
  fmt::format_to(std::back_inserter(out),
                 R"({{"sid":"{}","upgrades":[{}],"pingInterval":{},"pingTimeout":{},)"
                 R"("maxPayload":{}}})",
                 opening.session_id, opening.may_upgrade ? R"("websocket")" : "",
                 opening.ping_interval.count(), opening.ping_timeout.count(),
                 opening.max_payload_bytes);
}

}  // namespace carillon::engineio
