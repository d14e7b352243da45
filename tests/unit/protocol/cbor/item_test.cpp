#include "protocol/cbor/item.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "tests/vectors/read_vectors.hpp"

namespace carillon::cbor {
namespace {

using testing::from_hex;

/// Keeps the octets that the item views.
struct Given {
  explicit Given(const char* hex) : octets(from_hex(hex)) {}
  Item item() const { return {.raw = octets, .kind = kind_of(octets)}; }
  std::string octets;
};

TEST(CborItem, KnowsItsKind) {
  const std::pair<const char*, Kind> cases[] = {
      {"00", Kind::Integer},   {"20", Kind::Integer},       {"40", Kind::Octets},
      {"5fff", Kind::Octets},  {"60", Kind::Text},          {"7fff", Kind::Text},
      {"80", Kind::Array},     {"9fff", Kind::Array},       {"a0", Kind::Map},
      {"bfff", Kind::Map},     {"c000", Kind::Tag},         {"f4", Kind::Boolean},
      {"f5", Kind::Boolean},   {"f6", Kind::Null},          {"f7", Kind::Null},
      {"f90000", Kind::Float}, {"fa00000000", Kind::Float}, {"fb0000000000000000", Kind::Float},
      {"e0", Kind::Simple},    {"f820", Kind::Simple},      {"f8ff", Kind::Simple}};
  for (const auto& [hex, kind] : cases) EXPECT_EQ(Given(hex).item().kind, kind) << hex;
}

TEST(CborItem, ReadsStringsWholeAndInPieces) {
  EXPECT_EQ(read_whole_string(Given("63616263").item()), "abc");
  EXPECT_EQ(read_whole_string(Given("43616263").item()), "abc");
  EXPECT_EQ(read_whole_string(Given("7f626162ff").item()), std::nullopt);
  EXPECT_EQ(read_whole_string(Given("83010203").item()), std::nullopt);
  EXPECT_EQ(read_string(Given("7803616263").item()), "abc");
  EXPECT_EQ(read_string(Given("7f6261626061"
                              "63ff")
                            .item()),
            "abc");
  EXPECT_EQ(read_string(Given("5f4100405801ffff").item()), std::string("\0\xFF", 2));
  EXPECT_EQ(read_string(Given("7fff").item()), "");
  EXPECT_EQ(read_string(Given("00").item()), std::nullopt);
}

TEST(CborItem, ReadsIntegersWithinBounds) {
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(read_integer(Given("00").item(), kLeast, kMost), 0);
  EXPECT_EQ(read_integer(Given("1903e8").item(), 1, 1000), 1000);
  EXPECT_EQ(read_integer(Given("1a000003e8").item(), 1, 1000), 1000);
  EXPECT_EQ(read_integer(Given("1903e9").item(), 1, 1000), std::nullopt);
  EXPECT_EQ(read_integer(Given("20").item(), kLeast, kMost), -1);
  EXPECT_EQ(read_integer(Given("1b7fffffffffffffff").item(), kLeast, kMost), kMost);
  EXPECT_EQ(read_integer(Given("1b8000000000000000").item(), kLeast, kMost), std::nullopt);
  EXPECT_EQ(read_integer(Given("3b7fffffffffffffff").item(), kLeast, kMost), kLeast);
  EXPECT_EQ(read_integer(Given("3b8000000000000000").item(), kLeast, kMost), std::nullopt);
  EXPECT_EQ(read_integer(Given("f93c00").item(), kLeast, kMost), std::nullopt);
}

TEST(CborItem, ReadsNumbersOfEveryWidth) {
  const std::pair<const char*, double> cases[] = {{"0a", 10},
                                                  {"29", -10},
                                                  {"1bffffffffffffffff", 18446744073709551615.0},
                                                  {"f93c00", 1},
                                                  {"f9c400", -4},
                                                  {"f90001", 5.960464477539063e-8},
                                                  {"f90400", 0.00006103515625},
                                                  {"f97bff", 65504},
                                                  {"f97c00", INFINITY},
                                                  {"f9fc00", -INFINITY},
                                                  {"fa47c35000", 100000},
                                                  {"fb3ff199999999999a", 1.1}};
  for (const auto& [hex, value] : cases) EXPECT_EQ(read_number(Given(hex).item()), value) << hex;
  EXPECT_TRUE(std::isnan(*read_number(Given("f97e00").item())));
  EXPECT_EQ(read_number(Given("f5").item()), std::nullopt);
}

TEST(CborItem, ReadsBooleans) {
  EXPECT_EQ(read_boolean(Given("f5").item()), true);
  EXPECT_EQ(read_boolean(Given("f4").item()), false);
  EXPECT_EQ(read_boolean(Given("f6").item()), std::nullopt);
  EXPECT_EQ(read_boolean(Given("01").item()), std::nullopt);
}

}  // namespace
}  // namespace carillon::cbor
