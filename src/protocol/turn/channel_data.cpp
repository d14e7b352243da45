#include "protocol/turn/channel_data.hpp"

#include "protocol/stun/octets.hpp"

namespace carillon::turn {

std::optional<ChannelData> read_channel_data(Bytes octets) {
  if (octets.size() < kChannelHeadBytes) return std::nullopt;
  const std::uint16_t channel = stun::read_u16(octets, 0);
  const std::size_t size = stun::read_u16(octets, 2);
  if (!is_channel(channel) || kChannelHeadBytes + size > octets.size()) return std::nullopt;
  return ChannelData{.channel = channel, .payload = octets.substr(kChannelHeadBytes, size)};
}

void write_channel_head(char* out, std::uint16_t channel, std::size_t payload_bytes) {
  stun::write_u16(out, channel);
  stun::write_u16(out + 2, static_cast<std::uint16_t>(payload_bytes));
}

}  // namespace carillon::turn
