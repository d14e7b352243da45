#include "protocol/websocket/inflater.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "protocol/websocket/deflater.hpp"

namespace carillon::websocket {
namespace {

constexpr std::size_t kMebibyte = 1024 * 1024;

std::string octets(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text.push_back(static_cast<char>(value));
  return text;
}

std::string inflate(Inflater& inflater, Bytes payload, std::size_t limit = kMebibyte) {
  std::vector<char> out;
  const auto result = inflater.inflate(payload, limit, out);
  EXPECT_LE(out.size(), limit + 1);
  if (!result) return std::string("error: ").append(describe(result.error()));
  return {out.begin(), out.end()};
}

std::string inflate_alone(Bytes payload, std::size_t limit = kMebibyte) {
  Inflater inflater(15);
  return inflate(inflater, payload, limit);
}

const std::string kBroken = "error: message is not validly compressed";
const std::string kTooBig = "error: message is too big";

// RFC 7692 §7.2.3: the examples.
const std::string kHello = octets({0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00});

TEST(Inflater, ReadsTheExamplesOfTheRfc) {
  EXPECT_EQ(inflate_alone(kHello), "Hello");
  // §7.2.3.2: the second message shares the window of the first.
  Inflater inflater(15);
  EXPECT_EQ(inflate(inflater, kHello), "Hello");
  EXPECT_EQ(inflate(inflater, octets({0xF2, 0x00, 0x11, 0x00, 0x00})), "Hello");
  // §7.2.3.3: a block without compression.
  EXPECT_EQ(
      inflate_alone(octets({0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00})),
      "Hello");
  // §7.2.3.4: a block with BFINAL set, and the octet that ends it.
  EXPECT_EQ(inflate_alone(octets({0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00})), "Hello");
  // §7.2.3.5: two blocks.
  EXPECT_EQ(inflate_alone(octets(
                {0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00})),
            "Hello");
  // §7.2.3.6: the empty message.
  EXPECT_EQ(inflate_alone(octets({0x00})), "");
}

TEST(Inflater, TakesAnEmptyPayloadForTheEmptyMessage) {
  Inflater inflater(15);
  EXPECT_EQ(inflate(inflater, kHello), "Hello");
  EXPECT_EQ(inflate(inflater, ""), "");
  EXPECT_EQ(inflate(inflater, octets({0xF2, 0x00, 0x11, 0x00, 0x00})), "Hello");
}

TEST(Inflater, GoesOnBehindAFinalBlockInTheSameMessageAndTheNext) {
  const std::string final_hello = octets({0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00});
  EXPECT_EQ(inflate_alone(final_hello + kHello), "HelloHello");
  EXPECT_EQ(inflate_alone(final_hello + final_hello + octets({0x00})), "HelloHello");
  Inflater inflater(15);
  EXPECT_EQ(inflate(inflater, final_hello + octets({0x00})), "Hello");
  EXPECT_EQ(inflate(inflater, octets({0xF2, 0x00, 0x11, 0x00, 0x00})), "Hello");
}

TEST(Inflater, RefusesWhatRefersBeforeTheMessageOnceItWasReset) {
  Inflater inflater(15);
  EXPECT_EQ(inflate(inflater, kHello), "Hello");
  inflater.reset();
  EXPECT_EQ(inflate(inflater, octets({0xF2, 0x00, 0x11, 0x00, 0x00})), kBroken);
  inflater.reset();
  EXPECT_EQ(inflate(inflater, kHello), "Hello");
}

TEST(Inflater, RefusesWhatIsNotDeflate) {
  EXPECT_EQ(inflate_alone(octets({0x07})), kBroken);                          // BTYPE 11
  EXPECT_EQ(inflate_alone(octets({0x00, 0x05, 0x00, 0x00, 0x00})), kBroken);  // LEN and NLEN
  EXPECT_EQ(inflate_alone("plain text, and nothing else"), kBroken);
  EXPECT_EQ(inflate_alone(kHello + "\xFF\xFF\xFF"), kBroken);
  // The final block without the octet that leads to the tail.
  EXPECT_EQ(inflate_alone(octets({0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00})), kBroken);
  // A tail that was not taken off is a message all the same: an empty block at its end.
  EXPECT_EQ(inflate_alone(kHello + octets({0x00, 0x00, 0xFF, 0xFF}) + octets({0x00})), "Hello");
  EXPECT_EQ(inflate_alone(kHello + octets({0x00, 0x00, 0xFF, 0xFF})), kBroken);
}

TEST(Inflater, NoticesEveryCut) {
  const std::string text = R"({"type":"message","channel":"chat","data":{"text":"hello hello"}})";
  std::string noise;
  for (unsigned value = 1; noise.size() < 300; value = value * 1664525 + 1013904223) {
    noise.push_back(static_cast<char>(value >> 24));
  }
  for (const std::string& message : {text, text + noise + text}) {
    std::string payload;
    Deflater(15, 6).deflate(message, payload);
    EXPECT_EQ(inflate_alone(payload), message);
    for (std::size_t size = 1; size < payload.size(); ++size) {
      EXPECT_EQ(inflate_alone(payload.substr(0, size)), kBroken) << size;
    }
  }
  // A stored block that is cut takes the tail for its own octets.
  EXPECT_EQ(inflate_alone(octets({0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48})), kBroken);
}

TEST(Inflater, StopsABombAtTheLimit) {
  std::string bomb;
  Deflater(15, 9).deflate(std::string(64 * kMebibyte, '\0'), bomb);
  EXPECT_LT(bomb.size(), 70'000U);
  for (const std::size_t limit : {std::size_t{0}, std::size_t{1}, std::size_t{1000}, kMebibyte}) {
    Inflater inflater(15);
    std::vector<char> out;
    const auto result = inflater.inflate(bomb, limit, out);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error(), ProtocolError::MessageTooBig);
    EXPECT_EQ(out.size(), limit + 1);
    EXPECT_LE(out.capacity(), limit + 1);
    // Hardly anything was read of it.
    inflater.reset();
    EXPECT_EQ(inflate(inflater, kHello), "Hello");
  }
}

TEST(Inflater, HoldsTheLimitToTheOctet) {
  for (const std::size_t size : {1U, 255U, 256U, 257U, 1024U, 65'536U, 100'000U}) {
    const std::string message(size, 'x');
    std::string payload;
    Deflater(15, 6).deflate(message, payload);
    EXPECT_EQ(inflate_alone(payload, size), message);
    EXPECT_EQ(inflate_alone(payload, size - 1), kTooBig);
  }
}

TEST(Inflater, AppendsAndCountsOnlyItsOwn) {
  Inflater inflater(15);
  std::vector<char> out(100, '-');
  ASSERT_TRUE(inflater.inflate(kHello, 5, out));
  EXPECT_EQ(std::string(out.begin() + 100, out.end()), "Hello");
}

TEST(Inflater, GivesWhoAgreedOn8AWindowOf9) {
  std::string text;
  for (unsigned value = 1; text.size() < 2000; value = value * 1664525 + 1013904223) {
    text.append(std::to_string(value % 1000));
  }
  Deflater nine(9, 6);
  Inflater agreed_on_8(8);
  for (int i = 0; i < 3; ++i) {
    std::string payload;
    nine.deflate(text, payload);
    EXPECT_EQ(inflate(agreed_on_8, payload), text);
  }
}

}  // namespace
}  // namespace carillon::websocket
