#include "protocol/json/validator.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/unit/protocol/json/error_names.hpp"
#include "tests/vectors/read_vectors.hpp"

namespace carillon::json {
namespace {

using testing::octets_of;
using testing::read_vectors;

/// "accepted", or the error's name and place.
std::string verdict(Bytes text, const Limits& limits = {}) {
  const auto result = validate(text, limits);
  if (result) return "accepted";
  return name_of(result.error().kind) + " at " + std::to_string(result.error().offset);
}

std::string expected_verdict(const nlohmann::json& vector) {
  if (!vector.contains("error")) return "accepted";
  return vector["error"].get<std::string>() + " at " + vector["offset"].dump();
}

TEST(JsonValidator, JudgesEveryVectorAsWritten) {
  for (const auto& vector : read_vectors("json", "validate")) {
    EXPECT_EQ(verdict(octets_of(vector)), expected_verdict(vector)) << vector["name"];
  }
}

TEST(JsonValidator, VectorsHoldEveryErrorOfTheValidator) {
  std::set<std::string> missing{"TooMany", "NotAnObject", "NotAnArray"};
  std::set<std::string> seen = missing;
  for (const auto& vector : read_vectors("json", "validate")) {
    if (vector.contains("error")) seen.insert(vector["error"].get<std::string>());
  }
  for (const auto& [name, kind] : error_names()) EXPECT_TRUE(seen.contains(name)) << name;
}

// Each text is copied so that a sanitizer sees a read behind its end.
TEST(JsonValidator, CallsEveryProperPrefixTooShortOrValid) {
  for (const auto& vector : read_vectors("json", "validate")) {
    if (vector.contains("error")) continue;
    const std::string text = octets_of(vector);
    for (std::size_t length = 0; length < text.size(); ++length) {
      const std::string prefix = text.substr(0, length);
      const auto result = validate(prefix);
      if (result) continue;
      EXPECT_EQ(name_of(result.error().kind), "UnexpectedEnd") << prefix;
      EXPECT_EQ(result.error().offset, length) << prefix;
    }
  }
}

TEST(JsonValidator, CallsEveryPrefixOfAWrongTextTheSameOrTooShortOrValid) {
  for (const auto& vector : read_vectors("json", "validate")) {
    if (!vector.contains("error") || vector["error"] == "UnexpectedEnd") continue;
    if (vector["error"] == "ByteOrderMark") continue;  // its first octet alone is just no value
    const std::string text = octets_of(vector);
    for (std::size_t length = 0; length < text.size(); ++length) {
      const auto result = validate(std::string(text, 0, length));
      if (result || result.error().kind == ErrorKind::UnexpectedEnd) continue;
      EXPECT_EQ(name_of(result.error().kind), vector["error"].get<std::string>()) << text;
    }
  }
}

TEST(JsonValidator, RefusesEveryOctetThatCannotStandAlone) {
  for (int octet = 0; octet < 256; ++octet) {
    const std::string text(1, static_cast<char>(octet));
    const bool is_digit = octet >= '0' && octet <= '9';
    EXPECT_EQ(validate(text).has_value(), is_digit) << octet;
  }
}

TEST(JsonValidator, FindsTheOctetThatIsWrongAtEveryPlaceOfALongString) {
  for (std::size_t place = 0; place < 40; ++place) {
    std::string text = '"' + std::string(40, 'x') + '"';
    for (const char wrong : {'\n', '\x1f', '\0'}) {
      text[place + 1] = wrong;
      EXPECT_EQ(verdict(text), "ControlCharacter at " + std::to_string(place + 1));
    }
    text[place + 1] = '\xff';
    EXPECT_EQ(verdict(text), "BadUtf8 at " + std::to_string(place + 1));
    text[place + 1] = '\x7f';
    EXPECT_EQ(verdict(text), "accepted");
  }
}

TEST(JsonValidator, HoldsToAnotherDepthLimit) {
  EXPECT_EQ(verdict("[[1]]", {.depth = 2}), "accepted");
  EXPECT_EQ(verdict("[[[1]]]", {.depth = 2}), "TooDeep at 2");
  EXPECT_EQ(verdict("1", {.depth = 0}), "accepted");
  EXPECT_EQ(verdict("[]", {.depth = 0}), "TooDeep at 0");
}

TEST(JsonValidator, DoesNotRecurse) {
  const std::size_t depth = 1'000'000;
  const std::string text = std::string(depth, '[') + std::string(depth, ']');
  EXPECT_EQ(verdict(text, {.depth = depth}), "accepted");
}

std::string object_of(std::size_t count, const std::string& prefix) {
  std::string text = "{";
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ',';
    text += '"' + prefix + std::to_string(i) + "\":1";
  }
  return text + '}';
}

TEST(JsonValidator, FindsADuplicateAtEveryPlaceOfSmallAndLargeObjects) {
  for (const std::size_t count : {2U, 12U, 13U, 14U, 64U, 65U, 200U}) {
    const std::string text = object_of(count, "key");
    ASSERT_EQ(verdict(text), "accepted");
    for (std::size_t i = 0; i < count; ++i) {
      std::string repeated = text;
      repeated.pop_back();
      const std::string offset = std::to_string(repeated.size() + 1);
      repeated += ",\"key" + std::to_string(i) + "\":1}";
      EXPECT_EQ(verdict(repeated), "DuplicateKey at " + offset);
    }
  }
}

TEST(JsonValidator, KeepsManyLongKeysApartInReasonableTime) {
  // Comparing each with each would take 2·10¹⁰ steps: the test's time limit is the assertion.
  const std::string text = object_of(200'000, "the_same_long_beginning_of_every_key_");
  EXPECT_EQ(verdict(text), "accepted");
}

TEST(JsonValidator, ComparesManyEscapedKeysAsDecoded) {
  std::string text = object_of(100, "\\u006b");
  EXPECT_EQ(verdict(text), "accepted");
  text.pop_back();
  EXPECT_EQ(verdict(text + ",\"k99\":1}"), "DuplicateKey at " + std::to_string(text.size() + 1));
}

}  // namespace
}  // namespace carillon::json
