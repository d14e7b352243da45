#include "transport/common/path_pattern.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace carillon::transport {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Parameters = std::optional<std::vector<PathParameter>>;

Parameters match(Bytes pattern, Bytes path) {
  return PathPattern::parse(pattern).value().match(path);
}

TEST(PathPattern, TakesTextsParametersAndARest) {
  for (const Bytes text : {"/", "/a", "/a/", "/:x", "/:x/:y", "/*", "/a/:b_1/c/*", "/:_", "/a:b"}) {
    EXPECT_TRUE(PathPattern::parse(text)) << text;
  }
}

TEST(PathPattern, RefusesWhatHasNoMeaning) {
  for (const Bytes text :
       {"", "a", "*", "/:", "/:1", "/:a-b", "/:a/:a", "/*/a", "/*/", "/:a/b/:a"}) {
    EXPECT_FALSE(PathPattern::parse(text)) << text;
  }
}

TEST(PathPattern, HasParametersWhereSomePartIsNoText) {
  EXPECT_FALSE(PathPattern::parse("/a/b*")->has_parameters());
  EXPECT_TRUE(PathPattern::parse("/a/:b")->has_parameters());
  EXPECT_TRUE(PathPattern::parse("/a/*")->has_parameters());
}

TEST(PathPattern, AParameterIsOnePartThatIsNotEmpty) {
  EXPECT_THAT(match("/rooms/:room", "/rooms/kitchen").value(),
              ElementsAre(PathParameter{.name = "room", .value = "kitchen"}));
  EXPECT_THAT(match("/:a/x/:b", "/1/x/2").value(),
              ElementsAre(PathParameter{.name = "a", .value = "1"},
                          PathParameter{.name = "b", .value = "2"}));
  for (const Bytes path :
       {"/rooms/", "/rooms", "/rooms/a/b", "/rooms/a/", "/other/a", "rooms/a", ""}) {
    EXPECT_FALSE(match("/rooms/:room", path)) << path;
  }
}

TEST(PathPattern, TheRestMayBeEmptyAndHasSlashes) {
  EXPECT_THAT(match("/files/*", "/files/a/b//c").value(),
              ElementsAre(PathParameter{.name = "*", .value = "a/b//c"}));
  EXPECT_THAT(match("/files/*", "/files/").value(),
              ElementsAre(PathParameter{.name = "*", .value = ""}));
  EXPECT_FALSE(match("/files/*", "/files"));
  EXPECT_THAT(match("/*", "/").value(), ElementsAre(PathParameter{.name = "*", .value = ""}));
}

TEST(PathPattern, ATextStandsForItselfAlone) {
  EXPECT_THAT(match("/a//b", "/a//b").value(), IsEmpty());
  EXPECT_FALSE(match("/a//b", "/a/b"));
  EXPECT_FALSE(match("/a", "/a/"));
}

TEST(PathPattern, WhatSaysMoreIsTriedFirst) {
  const auto says_more = [](Bytes left, Bytes right) {
    return PathPattern::parse(left)->says_more_than(*PathPattern::parse(right));
  };
  EXPECT_TRUE(says_more("/a/:x", "/:x/a"));
  EXPECT_TRUE(says_more("/a/:x", "/a/*"));
  EXPECT_TRUE(says_more("/:x/b", "/:x/:y"));
  EXPECT_FALSE(says_more("/a/*", "/a/:x"));
  EXPECT_FALSE(says_more("/a/:x", "/b/:y"));
}

TEST(PathPattern, HasTheShapeOfOneWithOtherNames) {
  const auto same = [](Bytes left, Bytes right) {
    return PathPattern::parse(left)->same_shape(*PathPattern::parse(right));
  };
  EXPECT_TRUE(same("/a/:x", "/a/:y"));
  EXPECT_FALSE(same("/a/:x", "/b/:x"));
  EXPECT_FALSE(same("/a/:x", "/a/*"));
}

}  // namespace
}  // namespace carillon::transport
