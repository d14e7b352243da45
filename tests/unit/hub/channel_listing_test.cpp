#include "hub/channel_listing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

namespace carillon::hub {
namespace {

using testing::ElementsAre;

ChannelList list_of(std::initializer_list<const char*> names, std::size_t subscriptions,
                    bool at_end = true) {
  ChannelList list;
  for (const char* name : names) {
    ChannelInfo info;
    info.name = name;
    info.subscription_count = subscriptions;
    list.channels.push_back(info);
  }
  list.at_end = at_end;
  return list;
}
std::vector<std::string> names_of(const ChannelList& list) {
  std::vector<std::string> names;
  for (const ChannelInfo& info : list.channels) names.push_back(info.name);
  return names;
}

TEST(ChannelListing, MergesByNameAndAddsUpSubscriptions) {
  ChannelList home = list_of({"a", "c"}, 0);
  home.channels[1].top = {*Epoch::parse("here"), 9};
  home.channels[1].publication_count = 5;
  const ChannelList all =
      merged(merged(list_of({"b", "c"}, 2), std::move(home), 10), list_of({"c"}, 3), 10);
  EXPECT_THAT(names_of(all), ElementsAre("a", "b", "c"));
  EXPECT_EQ(all.channels[2].subscription_count, 5U);
  EXPECT_EQ(all.channels[2].top.offset, 9U);
  EXPECT_EQ(all.channels[2].publication_count, 5U);
  EXPECT_TRUE(all.at_end);
}

TEST(ChannelListing, WhatDoesNotFitIsForTheNextPage) {
  EXPECT_FALSE(merged(list_of({"a", "b"}, 0), list_of({"c"}, 0), 2).at_end);
  EXPECT_TRUE(merged(list_of({"a", "b"}, 0), list_of({"a"}, 0), 2).at_end);
  EXPECT_FALSE(merged(list_of({"a"}, 0, false), list_of({}, 0), 2).at_end);
  ChannelList list = list_of({"c", "a", "b"}, 0);
  sort_and_cut(list, 2);
  EXPECT_THAT(names_of(list), ElementsAre("a", "b"));
  EXPECT_FALSE(list.at_end);
}

TEST(ChannelListing, TheCursorAndThePrefixDecideWhatIsAskedFor) {
  const ListRequest request{.prefix = "b", .after = "b1"};
  EXPECT_TRUE(is_asked_for(request, "b2"));
  EXPECT_FALSE(is_asked_for(request, "b1"));
  EXPECT_FALSE(is_asked_for(request, "c"));
  EXPECT_FALSE(is_asked_for(request, "a"));
}

TEST(ListGathering, AnswersOnceEverybodyHasAnswered) {
  std::optional<Result<ChannelList, BrokerError>> answer;
  ListGathering gathering(2, 10, [&](auto result) { answer = std::move(result); });
  gathering.add(list_of({"b"}, 1));
  EXPECT_FALSE(answer);
  gathering.add(list_of({"a"}, 1));
  EXPECT_THAT(names_of(answer.value().value()), ElementsAre("a", "b"));
}

TEST(ListGathering, OneErrorIsTheAnswerOfAll) {
  std::optional<Result<ChannelList, BrokerError>> answer;
  ListGathering gathering(3, 10, [&](auto result) { answer = std::move(result); });
  gathering.add(list_of({"b"}, 1));
  gathering.add(std::unexpected(BrokerError::Unavailable));
  gathering.add(list_of({"a"}, 1));
  EXPECT_EQ(answer.value().error(), BrokerError::Unavailable);
}

}  // namespace
}  // namespace carillon::hub
