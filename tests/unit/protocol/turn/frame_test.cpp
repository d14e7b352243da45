#include "protocol/turn/frame.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "protocol/stun/message_writer.hpp"
#include "protocol/turn/channel_data.hpp"

namespace carillon::turn {
namespace {

std::string channel_frame(std::string payload) {
  std::string frame(kChannelHeadBytes, '\0');
  write_channel_head(frame.data(), 0x4001, payload.size());
  frame += payload;
  frame.resize((frame.size() + 3) / 4 * 4, '\0');
  return frame;
}

std::string stun_frame() {
  stun::MessageWriter writer(stun::Method::Binding, stun::MessageClass::Request, "abcdefghijkl");
  writer.add(stun::AttributeType::Software, "padded");
  return std::move(writer).take();
}

/// The messages in what comes piece by piece.
std::vector<std::string> read_in_pieces(const std::string& octets, std::size_t first_piece) {
  std::vector<std::string> messages;
  std::string waiting;
  for (const std::string& piece : {octets.substr(0, first_piece), octets.substr(first_piece)}) {
    waiting += piece;
    while (true) {
      const auto frame = next_frame(waiting);
      EXPECT_TRUE(frame);
      if (!frame || !*frame) break;
      messages.emplace_back((*frame)->message);
      waiting.erase(0, (*frame)->stream_bytes);
    }
  }
  EXPECT_TRUE(waiting.empty());
  return messages;
}

TEST(TurnFrame, IsTheSameHoweverItWasCut) {
  const std::vector<std::string> frames = {stun_frame(), channel_frame("abc"), channel_frame(""),
                                           channel_frame("abcd"), stun_frame()};
  std::string octets;
  for (const std::string& frame : frames) octets += frame;
  for (std::size_t first = 0; first <= octets.size(); ++first) {
    const auto messages = read_in_pieces(octets, first);
    ASSERT_EQ(messages.size(), frames.size()) << first;
    EXPECT_EQ(messages[0], frames[0]);
    EXPECT_EQ(messages[1], frames[1].substr(0, 7));  // without padding
    EXPECT_EQ(messages[2], frames[2]);
  }
}

TEST(TurnFrame, EndsAStreamOfAnotherProtocolAtItsFirstOctets) {
  EXPECT_EQ(next_frame("\xC0").error(), FrameError::NeitherKind);
  EXPECT_EQ(next_frame("\x80").error(), FrameError::NeitherKind);
  EXPECT_EQ(next_frame(Bytes("\x16\x03\x01\x02\x00\x01", 6)).error(), FrameError::NotStun);
  EXPECT_EQ(next_frame(Bytes("\x00\x01\x00\x03\x21\x12\xA4\x42", 8)).error(), FrameError::NotStun);
}

TEST(TurnChannelData, IsReadWithPaddingAndRefusedWhenCut) {
  const std::string frame = channel_frame("abc");
  const auto data = read_channel_data(frame);
  ASSERT_TRUE(data);
  EXPECT_EQ(data->channel, 0x4001);
  EXPECT_EQ(data->payload, "abc");
  for (std::size_t size = 0; size < 7; ++size) {
    EXPECT_FALSE(read_channel_data(Bytes(frame).substr(0, size)));
  }
}

TEST(TurnChannelData, TakesTheNumbersOfBothStandards) {
  for (const auto& [number, taken] : std::vector<std::pair<std::uint16_t, bool>>{
           {0x3FFF, false}, {0x4000, true}, {0x4FFF, true}, {0x7FFE, true}, {0x7FFF, false}}) {
    EXPECT_EQ(is_channel(number), taken) << number;
  }
}

}  // namespace
}  // namespace carillon::turn
