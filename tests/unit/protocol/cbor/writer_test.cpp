#include "protocol/cbor/writer.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "protocol/cbor/map.hpp"
#include "tests/vectors/read_vectors.hpp"

namespace carillon::cbor {
namespace {

using testing::from_hex;
using Json = nlohmann::json;

/// What another implementation reads.
Json read(const std::string& octets) {
  return Json::from_cbor(octets);
}

TEST(CborWriter, WritesTheShortestHeads) {
  const std::pair<std::int64_t, const char*> cases[] = {{0, "00"},
                                                        {23, "17"},
                                                        {24, "1818"},
                                                        {255, "18ff"},
                                                        {256, "190100"},
                                                        {65'535, "19ffff"},
                                                        {65'536, "1a00010000"},
                                                        {4'294'967'295, "1affffffff"},
                                                        {4'294'967'296, "1b0000000100000000"},
                                                        {-1, "20"},
                                                        {-24, "37"},
                                                        {-25, "3818"},
                                                        {-1000, "3903e7"}};
  for (const auto& [value, hex] : cases) {
    std::string out;
    append_integer(out, value);
    EXPECT_EQ(out, from_hex(hex)) << value;
    EXPECT_EQ(read(out), value);
  }
  std::string most;
  append_unsigned(most, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(most, from_hex("1bffffffffffffffff"));
  std::string least;
  append_integer(least, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(least, from_hex("3b7fffffffffffffff"));
}

TEST(CborWriter, WritesTheShortestExactFloat) {
  const std::pair<double, const char*> cases[] = {{0.0, "f90000"},
                                                  {-0.0, "f98000"},
                                                  {1.0, "f93c00"},
                                                  {1.5, "f93e00"},
                                                  {65504.0, "f97bff"},
                                                  {65505.0, "fa477fe100"},
                                                  {100000.0, "fa47c35000"},
                                                  {3.4028234663852886e38, "fa7f7fffff"},
                                                  {1.0e300, "fb7e37e43c8800759c"},
                                                  {1.1, "fb3ff199999999999a"},
                                                  {5.960464477539063e-8, "f90001"},
                                                  {0.00006097555160522461, "f903ff"},
                                                  {0.00006103515625, "f90400"},
                                                  {2.9802322387695312e-8, "fa33000000"},
                                                  {-4.0, "f9c400"},
                                                  {-4.1, "fbc010666666666666"},
                                                  {INFINITY, "f97c00"},
                                                  {-INFINITY, "f9fc00"},
                                                  {NAN, "f97e00"}};
  for (const auto& [value, hex] : cases) {
    std::string out;
    append_float(out, value);
    EXPECT_EQ(out, from_hex(hex)) << value;
  }
}

TEST(CborWriter, IsReadBackWhateverTheFloat) {
  for (std::uint64_t bits = 1; bits != 0; bits = bits * 3) {
    const auto value = std::bit_cast<double>(bits);
    if (!std::isfinite(value)) continue;
    std::string out;
    append_float(out, value);
    EXPECT_EQ(read(out).get<double>(), value);
    if (bits > (std::uint64_t{1} << 63)) break;
  }
  for (unsigned half = 0; half < 0x10000; ++half) {
    const std::string octets{'\xF9', static_cast<char>(half >> 8), static_cast<char>(half & 0xFF)};
    const double value = *read_number({.raw = octets, .kind = Kind::Float});
    if (std::isnan(value)) continue;
    std::string out;
    append_float(out, value);
    EXPECT_EQ(out, octets);
  }
}

TEST(CborWriter, WritesStringsAndBooleans) {
  std::string out;
  append_array_head(out, 5);
  append_text(out, "f\xC3\xBC");
  append_text(out, "\xFF");
  append_octets(out, std::string(300, '\xFF'));
  append_boolean(out, true);
  append_boolean(out, false);
  ASSERT_TRUE(validate(out));
  const Json json = read(out);
  EXPECT_EQ(json[0], "f\xC3\xBC");
  EXPECT_EQ(json[1], "\xEF\xBF\xBD");
  EXPECT_EQ(json[2].get_binary().size(), 300U);
  EXPECT_EQ(json[3], true);
  EXPECT_EQ(json[4], false);
}

TEST(CborMapWriter, PutsItsMembersInTheOneOrder) {
  const auto write = [](std::initializer_list<const char*> keys) {
    std::string out = "before";
    MapWriter map(out);
    for (const char* key : keys) map.text(key, key);
    map.finish();
    return out.substr(6);
  };
  const std::string ordered = write({"a", "b", "aa", "ab", "abc"});
  EXPECT_EQ(ordered, from_hex("a561616161616261626261616261616261626261626361626363616263"));
  EXPECT_EQ(write({"abc", "ab", "aa", "b", "a"}), ordered);
  EXPECT_EQ(write({"ab", "a", "abc", "aa", "b"}), ordered);
  EXPECT_EQ(write({}), "\xA0");
}

TEST(CborMapWriter, HoldsMapsWithinMaps) {
  std::string out;
  MapWriter outer(out);
  outer.integer("zz", -5).boolean("z", true);
  MapWriter inner(outer.begin("a"));
  inner.text("long", "x").raw("b", "\x07");
  inner.finish();
  outer.integer("n", std::numeric_limits<std::uint64_t>::max());
  outer.finish();
  ASSERT_TRUE(validate(out));
  EXPECT_EQ(read(out), Json({{"zz", -5},
                             {"z", true},
                             {"a", {{"long", "x"}, {"b", 7}}},
                             {"n", std::numeric_limits<std::uint64_t>::max()}}));
}

}  // namespace
}  // namespace carillon::cbor
