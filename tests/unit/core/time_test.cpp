#include "core/time.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

namespace carillon {
namespace {

TEST(Timestamp, PrintsMillisecondsWithThreeDecimals) {
  EXPECT_EQ(to_text(Timestamp{1'732'412'345'678'001}), "1732412345678.001");
  EXPECT_EQ(to_text(Timestamp{0}), "0.000");
  EXPECT_EQ(to_text(Timestamp{999}), "0.999");
  EXPECT_EQ(to_text(Timestamp{1'050}), "1.050");
  EXPECT_EQ(to_text(Timestamp{-1}), "-0.001");
  EXPECT_EQ(to_text(Timestamp{-1'500}), "-1.500");
  EXPECT_EQ(to_text(Timestamp{std::numeric_limits<std::int64_t>::min()}), "-9223372036854775.808");
}

TEST(Timestamp, AppendsBehindWhatIsThere) {
  std::string out = "at ";
  append_text(out, Timestamp{2'000'003});
  EXPECT_EQ(out, "at 2000.003");
}

TEST(Timestamp, ReadsWhatItPrints) {
  for (const std::int64_t microseconds : {std::int64_t{0}, std::int64_t{1}, std::int64_t{999'999},
                                          std::int64_t{1'732'412'345'678'901}}) {
    EXPECT_EQ(parse_timestamp(to_text(Timestamp{microseconds})), Timestamp{microseconds});
  }
}

TEST(Timestamp, SurvivesADoubleAsJavaScriptHoldsIt) {
  for (std::int64_t microseconds = 1'732'412'345'678'000; microseconds < 1'732'412'345'679'000;
       ++microseconds) {
    const double number = std::strtod(to_text(Timestamp{microseconds}).c_str(), nullptr);
    char text[64];
    std::snprintf(text, sizeof text, "%.3f", number);
    ASSERT_EQ(parse_timestamp(text), Timestamp{microseconds});
  }
}

TEST(Timestamp, ReadsFewerDecimalsAndCutsMore) {
  EXPECT_EQ(parse_timestamp("1"), Timestamp{1'000});
  EXPECT_EQ(parse_timestamp("1.5"), Timestamp{1'500});
  EXPECT_EQ(parse_timestamp("1.05"), Timestamp{1'050});
  EXPECT_EQ(parse_timestamp("1.0019999999999999999999999"), Timestamp{1'001});
  EXPECT_EQ(parse_timestamp("007"), Timestamp{7'000});
}

TEST(Timestamp, RefusesEverythingElse) {
  for (const char* text : {"", ".", ".5", "1.", "-1", "+1", " 1", "1 ", "1e3", "1,5", "1.5.", "1.x",
                           "0x1", "NaN", "1.5 ", "\xef\xbc\x91"}) {
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
  }
}

TEST(Timestamp, RefusesWhatWouldOverflow) {
  EXPECT_TRUE(parse_timestamp("922337203685477.999"));
  EXPECT_FALSE(parse_timestamp("922337203685478"));
  EXPECT_FALSE(parse_timestamp("9223372036854775808"));
  EXPECT_FALSE(parse_timestamp(std::string(1000, '9')));
}

}  // namespace
}  // namespace carillon
