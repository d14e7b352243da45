#include "transport/common/page_merge.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace carillon::transport {
namespace {

const Epoch kEpoch = *Epoch::parse("e");

struct Entry {
  std::uint64_t offset;
  std::int64_t time;
};

ChannelPart part(std::string channel, std::initializer_list<Entry> entries) {
  ChannelPart result{.publications = {}, .begin = Position{kEpoch, 0}, .end = Position{kEpoch, 0}};
  for (const Entry& entry : entries) {
    result.publications.push_back(
        hub::make_publication({.channel = channel, .data = "1"}, hub::PublicationKind::Kept,
                              Position{kEpoch, entry.offset}, Timestamp{entry.time}));
    result.end = Position{kEpoch, entry.offset};
  }
  return result;
}

std::string shape(const MergedPage& page) {
  std::string text;
  for (const auto& publication : page.publications) {
    text += publication->channel + std::to_string(publication->position.offset) + " ";
  }
  text += "|";
  for (const auto& position : page.positions) {
    text += " " + (position ? to_text(*position) : "-");
  }
  return text;
}

TEST(PageMerge, OrdersThePublicationsOfAllChannelsByTime) {
  const auto page = merge_parts({part("a", {{1, 10}, {2, 40}}), part("b", {{1, 20}, {2, 30}})}, 10,
                                MergeKeep::Oldest);
  EXPECT_EQ(shape(page), "a1 b1 b2 a2 | e:2 e:2");
}

TEST(PageMerge, KeepsTheOrderOfAChannelWhereTimesAreEqual) {
  const auto page =
      merge_parts({part("a", {{1, 10}}), part("b", {{1, 10}})}, 10, MergeKeep::Oldest);
  EXPECT_EQ(shape(page), "a1 b1 | e:1 e:1");
}

TEST(PageMerge, LeavesThePositionsWhereTheOldestEnd) {
  const auto parts = [] {
    return std::vector{part("a", {{1, 10}, {2, 40}}), part("b", {{1, 20}, {2, 30}})};
  };
  EXPECT_EQ(shape(merge_parts(parts(), 2, MergeKeep::Oldest)), "a1 b1 | e:1 e:1");
  EXPECT_EQ(shape(merge_parts(parts(), 1, MergeKeep::Oldest)), "a1 | e:1 e:0");
}

TEST(PageMerge, KeepsTheNewestAndStandsAtTheEnds) {
  const auto page = merge_parts({part("a", {{1, 10}, {2, 40}}), part("b", {{1, 20}, {2, 30}})}, 2,
                                MergeKeep::Newest);
  EXPECT_EQ(shape(page), "b2 a2 | e:2 e:2");
}

TEST(PageMerge, HasNoPositionWhereAChannelHasNone) {
  ChannelPart unknown;
  EXPECT_EQ(shape(merge_parts({unknown, part("b", {{1, 1}})}, 5, MergeKeep::Oldest)), "b1 | - e:1");
}

}  // namespace
}  // namespace carillon::transport
