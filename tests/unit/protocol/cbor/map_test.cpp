#include "protocol/cbor/map.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "tests/vectors/read_vectors.hpp"

namespace carillon::cbor {
namespace {

using testing::octets_of;
using testing::read_vectors;
using Json = nlohmann::json;

const std::map<std::string, ErrorKind> kNames{
    {"UnexpectedEnd", ErrorKind::UnexpectedEnd}, {"ReservedHead", ErrorKind::ReservedHead},
    {"BadIndefinite", ErrorKind::BadIndefinite}, {"UnexpectedBreak", ErrorKind::UnexpectedBreak},
    {"BadChunk", ErrorKind::BadChunk},           {"BadUtf8", ErrorKind::BadUtf8},
    {"KeyNotText", ErrorKind::KeyNotText},       {"DuplicateKey", ErrorKind::DuplicateKey},
    {"TrailingData", ErrorKind::TrailingData}};

/// A text string's item.
std::string text(Bytes value) {
  return std::string(1, static_cast<char>(0x60 + value.size())).append(value);
}

TEST(Cbor, AcceptsEveryValidVectorAndNoFrontOfOne) {
  for (const Json& vector : read_vectors("cbor", "valid")) {
    const std::string octets = octets_of(vector);
    EXPECT_TRUE(validate(octets)) << vector;
    for (std::size_t size = 0; size < octets.size(); ++size) {
      const auto cut = validate(Bytes(octets).substr(0, size));
      ASSERT_FALSE(cut) << vector << " " << size;
      EXPECT_EQ(cut.error(), (Error{ErrorKind::UnexpectedEnd, size})) << vector;
    }
    EXPECT_EQ(validate(octets + '\0').error(), (Error{ErrorKind::TrailingData, octets.size()}));
  }
}

TEST(Cbor, TellsWhatIsWrongAndWhere) {
  std::set<std::string> seen;
  for (const Json& vector : read_vectors("cbor", "invalid")) {
    const auto result = validate(octets_of(vector));
    ASSERT_FALSE(result) << vector;
    const Error expected{kNames.at(vector["error"].get<std::string>()),
                         vector["offset"].get<std::size_t>()};
    EXPECT_EQ(result.error().kind, expected.kind) << vector << to_text(result.error().kind);
    EXPECT_EQ(result.error().offset, expected.offset) << vector;
    seen.insert(vector["error"].get<std::string>());
  }
  EXPECT_EQ(seen.size(), kNames.size());
}

TEST(Cbor, LimitsItsDepth) {
  for (const char* opened : {"\x81", "\x9F", "\xA1\x61\x61", "\xBF\x61\x61"}) {
    std::string nested;
    for (int i = 0; i < 64; ++i) nested.append(opened);
    std::string closed = nested + '\0';
    const bool is_indefinite = opened[0] == '\x9F' || opened[0] == '\xBF';
    if (is_indefinite) closed.append(64, '\xFF');
    EXPECT_TRUE(validate(closed));
    const auto deeper = validate(nested + opened);
    ASSERT_FALSE(deeper);
    EXPECT_EQ(deeper.error(), (Error{ErrorKind::TooDeep, nested.size()}));
  }
  EXPECT_TRUE(validate(std::string(60'000, '\xC6') + '\0'));  // tags nest nothing
}

TEST(Cbor, ComparesKeysOnlyWithinOneMap) {
  const std::string inner = "\xA1" + text("a") + "\x01";
  EXPECT_TRUE(validate("\xA2" + text("a") + inner + text("b") + inner));
  EXPECT_FALSE(validate("\xA2" + text("b") + inner + text("b") + inner));
  std::string many = "\xB8\x1E";
  for (int i = 0; i < 30; ++i) many += text("key" + std::to_string(i)) + '\0';
  EXPECT_TRUE(validate(many));
  many[1] = 0x1F;
  const std::size_t repeated_at = many.size();
  EXPECT_EQ(validate(many + text("key7") + '\0').error(),
            (Error{ErrorKind::DuplicateKey, repeated_at}));
}

TEST(CborMap, ListsItsMembersAsTheyStand) {
  const std::string octets = "\xA3" + text("type") + text("x") + text("list") + "\x82\x01\x02" +
                             text("tagged") + "\xC1\x05";
  const auto map = parse_map(octets);
  ASSERT_TRUE(map);
  ASSERT_EQ(map->members().size(), 3U);
  EXPECT_EQ(map->find("type")->raw, text("x"));
  EXPECT_EQ(map->find("type")->kind, Kind::Text);
  EXPECT_EQ(map->find("list")->raw, "\x82\x01\x02");
  EXPECT_EQ(map->find("list")->kind, Kind::Array);
  EXPECT_EQ(map->find("tagged")->raw, "\xC1\x05");
  EXPECT_EQ(map->find("tagged")->kind, Kind::Tag);
  EXPECT_EQ(map->find("typ"), nullptr);
  EXPECT_EQ(map->find("types"), nullptr);
  EXPECT_TRUE(parse_map(std::string(1, '\xA0'))->members().empty());
}

TEST(CborMap, RefusesOtherItemsAndTooManyMembers) {
  EXPECT_EQ(parse_map("\x80").error().kind, ErrorKind::NotAMap);
  EXPECT_EQ(parse_map("\xC1\xA0").error().kind, ErrorKind::NotAMap);
  EXPECT_EQ(parse_map("\x81").error().kind, ErrorKind::UnexpectedEnd);
  const std::string two = "\xA2" + text("a") + "\x01" + text("b") + "\x01";
  EXPECT_TRUE(parse_map(two, {.items = 2}));
  EXPECT_EQ(parse_map(two, {.items = 1}).error(), (Error{ErrorKind::TooMany, 6}));
}

TEST(CborError, HasWordsOfItsOwnForEachKind) {
  std::set<std::string_view> words;
  for (int kind = 0; kind <= static_cast<int>(ErrorKind::NotAMap); ++kind) {
    words.insert(to_text(static_cast<ErrorKind>(kind)));
  }
  EXPECT_EQ(words.size(), static_cast<std::size_t>(ErrorKind::NotAMap) + 1);
  EXPECT_EQ(describe({ErrorKind::TrailingData, 7}),
            "not the CBOR expected, at octet 7: something follows the value");
}

}  // namespace
}  // namespace carillon::cbor
