#include "protocol/native/position_list.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/vectors/read_vectors.hpp"

namespace carillon::native {
namespace {

using testing::read_vectors;

nlohmann::json to_json(const PositionList& positions) {
  nlohmann::json json = nlohmann::json::array();
  for (const auto& position : positions) {
    json.push_back(position ? nlohmann::json(to_text(*position)) : nlohmann::json());
  }
  return json;
}

TEST(PositionList, ReadsAndWritesEveryVectorInBothForms) {
  for (const auto& vector : read_vectors("native", "position_lists")) {
    const auto text = vector["text"].get<std::string>();
    const auto positions = parse_position_list(text);
    if (vector.contains("error")) {
      EXPECT_FALSE(positions) << text;
      continue;
    }
    ASSERT_TRUE(positions) << text;
    EXPECT_EQ(to_json(*positions), vector["positions"]);
    std::string written = "at ";
    append_position_list(written, *positions);
    EXPECT_EQ(written, "at " + text);
    std::string cookie;
    append_position_list(cookie, *positions, PositionListForm::Cookie);
    EXPECT_EQ(cookie, vector["cookie"].get<std::string>());
    EXPECT_EQ(parse_position_list(cookie, PositionListForm::Cookie), positions);
  }
}

TEST(PositionList, TheFormsAreNotMixed) {
  EXPECT_FALSE(parse_position_list("a:1.b:2"));
  EXPECT_FALSE(parse_position_list("a:1,b:2", PositionListForm::Cookie));
}

TEST(PositionList, RefusesOrShortensEveryPrefixWithoutReadingBeyond) {
  const std::string text = "k3f9:42,-,m2p4:7";
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto positions = parse_position_list(std::string(text, 0, length));
    const bool is_list = length == 6 || length == 7 || length == 9;
    EXPECT_EQ(positions.has_value(), is_list) << text.substr(0, length);
  }
}

TEST(PositionList, AHundredThousandAreRefusedEarly) {
  std::string text = "-";
  for (int i = 1; i < 100'000; ++i) text += ",-";
  EXPECT_FALSE(parse_position_list(text));
}

}  // namespace
}  // namespace carillon::native
