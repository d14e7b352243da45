// links: carillon_protocol_turn
// STUN and ChannelData on a stream: what is read does not depend on how it was cut.
#include <cstddef>
#include <cstdint>

#include "core/check.hpp"
#include "protocol/turn/channel_data.hpp"
#include "protocol/turn/frame.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace carillon;
  using namespace carillon::turn;

  const Bytes input(reinterpret_cast<const char*>(data), size);
  const auto whole = next_frame(input);
  const std::size_t needed = whole && *whole ? (*whole)->stream_bytes : size;
  CARILLON_CHECK(needed <= size);
  CARILLON_CHECK(!(whole && *whole) || needed <= kMaxFrameBytes);
  for (std::size_t part = 0; part < needed; ++part) {
    const auto cut = next_frame(input.substr(0, part));
    if (!cut) {
      CARILLON_CHECK(!whole && cut.error() == whole.error());
      break;
    }
    CARILLON_CHECK(!cut->has_value());
  }
  if (whole && *whole && looks_like_channel_data(input)) {
    const auto channel_data = read_channel_data((*whole)->message);
    CARILLON_CHECK(!channel_data || channel_data->payload.size() <= (*whole)->message.size());
  }
  return 0;
}
