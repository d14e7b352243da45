#include "protocol/websocket/deflater.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "protocol/websocket/inflater.hpp"

namespace carillon::websocket {
namespace {

std::string deflate(Deflater& deflater, Bytes payload) {
  std::string out;
  deflater.deflate(payload, out);
  return out;
}

std::string inflate(Inflater& inflater, Bytes payload) {
  std::vector<char> out;
  EXPECT_TRUE(inflater.inflate(payload, 1024 * 1024, out));
  return {out.begin(), out.end()};
}

TEST(Deflater, WritesTheExamplesOfTheRfc) {
  Deflater deflater(15, 6);
  EXPECT_EQ(deflate(deflater, "Hello"), std::string("\xF2\x48\xCD\xC9\xC9\x07\x00", 7));
  EXPECT_EQ(deflate(deflater, "Hello"), std::string("\xF2\x00\x11\x00\x00", 5));
  deflater.reset();
  EXPECT_EQ(deflate(deflater, "Hello"), std::string("\xF2\x48\xCD\xC9\xC9\x07\x00", 7));
  EXPECT_EQ(deflate(deflater, ""), std::string(1, '\0'));
}

TEST(Deflater, IsReadBackAtEveryWindowAndLevel) {
  std::vector<std::string> messages{"", "a", std::string(100'000, 'x'), ""};
  std::string mixed;
  for (unsigned value = 1; mixed.size() < 140'000; value = value * 1664525 + 1013904223) {
    mixed.append(std::to_string(value % 1000)).push_back(static_cast<char>(value >> 24));
  }
  messages.push_back(mixed);
  messages.push_back("and a short one");
  for (int window_bits = 9; window_bits <= 15; ++window_bits) {
    for (const int level : {1, 6, 9}) {
      Deflater kept(window_bits, level);
      Deflater fresh(window_bits, level);
      Inflater taking_over(window_bits);
      for (const std::string& message : messages) {
        EXPECT_EQ(inflate(taking_over, deflate(kept, message)), message);
        fresh.reset();
        Inflater alone(window_bits);
        EXPECT_EQ(inflate(alone, deflate(fresh, message)), message);
      }
    }
  }
}

TEST(Deflater, AppendsWithoutItsTail) {
  Deflater deflater(15, 6);
  std::string out = "before";
  deflater.deflate("Hello", out);
  EXPECT_EQ(out, "before" + std::string("\xF2\x48\xCD\xC9\xC9\x07\x00", 7));
}

}  // namespace
}  // namespace carillon::websocket
