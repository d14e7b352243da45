#include "protocol/http2/frame_header.hpp"

#include <algorithm>

namespace carillon::http2 {

FrameHeader parse_frame_header(const std::array<char, kFrameHeaderBytes>& octets) {
  const auto number = [&octets](std::size_t begin, std::size_t count) {
    std::uint32_t value = 0;
    for (std::size_t i = begin; i < begin + count; ++i) {
      value = value << 8 | static_cast<unsigned char>(octets[i]);
    }
    return value;
  };
  constexpr std::uint32_t kReservedBit = 0x8000'0000;
  return {.payload_bytes = number(0, 3),
          .type = static_cast<FrameType>(number(3, 1)),
          .flags = static_cast<std::uint8_t>(number(4, 1)),
          .stream = number(5, 4) & ~kReservedBit};
}

bool FrameWalk::awaits_head() const {
  return !begun_ || filled_ > 0 || in_section_;
}

void FrameWalk::on_part_end() {
  begun_ = true;
  if (!section_goes_on_) in_section_ = false;
}

FrameWalk::Step FrameWalk::next(Bytes input) {
  if (skip_ > 0) {
    const std::size_t count = std::min(skip_, input.size());
    skip_ -= count;
    if (skip_ == 0) on_part_end();
    return {.bytes = count, .header = {}};
  }
  const std::size_t count = input.copy(octets_.data() + filled_, octets_.size() - filled_);
  filled_ += count;
  if (filled_ < octets_.size()) return {.bytes = count, .header = {}};
  filled_ = 0;
  const FrameHeader header = parse_frame_header(octets_);
  skip_ = header.payload_bytes;
  if (header.type == FrameType::Headers || header.type == FrameType::Continuation) {
    in_section_ = true;
    section_goes_on_ = !header.has(kEndHeaders);
  }
  if (skip_ == 0) on_part_end();
  return {.bytes = count, .header = header};
}

}  // namespace carillon::http2
