#include "protocol/turn/frame.hpp"

#include "protocol/stun/message.hpp"
#include "protocol/stun/octets.hpp"
#include "protocol/turn/channel_data.hpp"

namespace carillon::turn {
namespace {

bool begins_with_cookie(Bytes input) {
  constexpr std::size_t kCookieAt = 4;
  for (std::size_t i = 0; i < 4 && kCookieAt + i < input.size(); ++i) {
    const auto octet = static_cast<std::uint8_t>(stun::kMagicCookie >> (24 - 8 * i));
    if (stun::read_u8(input, kCookieAt + i) != octet) return false;
  }
  return true;
}

}  // namespace

Result<std::optional<Frame>, FrameError> next_frame(Bytes input) {
  if (input.empty()) return std::nullopt;
  const bool is_channel_data = looks_like_channel_data(input);
  const bool is_stun = (stun::read_u8(input, 0) & 0xC0) == 0;
  if (!is_channel_data && !is_stun) return std::unexpected(FrameError::NeitherKind);
  if (is_stun && !begins_with_cookie(input)) return std::unexpected(FrameError::NotStun);
  if (input.size() < kChannelHeadBytes) return std::nullopt;

  const std::size_t length = stun::read_u16(input, 2);
  if (is_stun && length % 4 != 0) return std::unexpected(FrameError::NotStun);
  const std::size_t size = length + (is_stun ? stun::kHeaderBytes : kChannelHeadBytes);
  if (input.size() < stun::padded(size)) return std::nullopt;
  return Frame{.message = input.substr(0, size), .stream_bytes = stun::padded(size)};
}

}  // namespace carillon::turn
