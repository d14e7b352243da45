#include "protocol/http2/frame_header.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "http2_support.hpp"

namespace carillon::http2 {
namespace {

std::vector<FrameHeader> headers_in(Bytes octets, std::size_t piece) {
  FrameWalk walk;
  std::vector<FrameHeader> headers;
  while (!octets.empty()) {
    const auto step = walk.next(octets.substr(0, piece));
    EXPECT_GT(step.bytes, 0U);
    octets.remove_prefix(step.bytes);
    if (step.header) headers.push_back(*step.header);
  }
  return headers;
}

TEST(FrameHeader, IsFoundWhereverTheOctetsAreCut) {
  const std::string octets =
      std::string(kPreface) + test::frame(FrameType::Settings, 0, 0, "") +
      test::frame(FrameType::Data, kEndStream, 0x7fff'ffff, std::string(300, 'x')) +
      test::frame(FrameType::Ping, kAck, 0, "12345678");
  const std::vector<FrameHeader> expected = {
      {.payload_bytes = 0, .type = FrameType::Settings, .flags = 0, .stream = 0},
      {.payload_bytes = 300, .type = FrameType::Data, .flags = 1, .stream = 0x7fff'ffff},
      {.payload_bytes = 8, .type = FrameType::Ping, .flags = 1, .stream = 0}};
  for (std::size_t piece = 1; piece <= octets.size(); ++piece) {
    EXPECT_EQ(headers_in(octets, piece), expected) << piece;
  }
}

TEST(FrameHeader, HasAReservedBitThatMeansNothing) {
  EXPECT_EQ(
      parse_frame_header({'\x01', '\x02', '\x03', '\x09', '\x04', '\xff', '\xff', '\xff', '\xff'}),
      (FrameHeader{.payload_bytes = 0x10203,
                   .type = FrameType::Continuation,
                   .flags = 4,
                   .stream = 0x7fff'ffff}));
}

}  // namespace
}  // namespace carillon::http2
