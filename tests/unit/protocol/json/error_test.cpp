#include "protocol/json/error.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/unit/protocol/json/error_names.hpp"

namespace carillon::json {
namespace {

TEST(JsonError, HasItsOwnWordsForEachKind) {
  std::set<std::string_view> words;
  for (const auto& [name, kind] : error_names()) {
    EXPECT_FALSE(to_text(kind).empty()) << name;
    EXPECT_TRUE(words.insert(to_text(kind)).second) << name;
  }
}

TEST(JsonError, DescribesTheFaultAndItsPlace) {
  EXPECT_EQ(describe({ErrorKind::ColonExpected, 17}),
            "not the JSON expected, at octet 17: a colon was expected");
}

}  // namespace
}  // namespace carillon::json
