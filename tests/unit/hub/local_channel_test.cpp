#include "hub/local_channel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/hub/town.hpp"

namespace carillon::hub {
namespace {

using testing::ElementsAre;

const Epoch kOld = *Epoch::parse("old");
const Epoch kNew = *Epoch::parse("new");

/// One subscriber that has joined; the log is what the test says it is.
class LocalChannelTest : public testing::Test, public Subscriber {
 protected:
  LocalChannelTest() {
    form = forms.add("plain", encode_plain);
    batches.emplace(forms);
    channel.emplace("chat", settings, context());
    channel->members().add(*this).joined_sequence = 0;
    channel->on_joined({kOld, 4});
  }
  const ChannelContext& context() {
    static_context.emplace(ChannelContext{*batches, places, handover, probe, clock});
    return *static_context;
  }

  WireFormId wire_form() const override { return form; }
  bool congested() const override { return false; }
  void on_delivery(const Delivery& delivery) override {
    for (const PublicationPtr& one : delivery.publications()) heard.push_back(one->data);
  }
  void on_gap(SubscriptionId, const Position& at) override {
    heard.push_back("gap " + to_text(at));
  }

  static PublicationPtr numbered(const Epoch& epoch, std::uint64_t offset) {
    return make_publication(draft("chat", to_text(Position{epoch, offset})), PublicationKind::Kept,
                            {epoch, offset}, {});
  }
  /// A page of one epoch, as a log that holds the offsets up to `top` answers.
  static Page page(const Epoch& epoch, std::uint64_t first, std::uint64_t last, std::uint64_t top,
                   Continuity continuity = Continuity::Unbroken) {
    Page result;
    for (std::uint64_t offset = first; offset <= last; ++offset) {
      result.publications.push_back(numbered(epoch, offset));
    }
    result.begin = {epoch, first - 1};
    result.position = {epoch, last};
    result.top = {epoch, top};
    result.at_end = last == top;
    result.continuity = continuity;
    return result;
  }
  std::vector<std::string> deliver() {
    while (channel->has_batches()) channel->walk(100);
    return std::exchange(heard, {});
  }

  NamespaceSettings settings;
  WireForms forms;
  WireFormId form;
  ManualClock clock;
  Probe probe;
  MemberPlaces places;
  Handover handover{places, probe};
  std::optional<BatchPool> batches;
  std::optional<ChannelContext> static_context;
  std::optional<LocalChannel> channel;
  std::vector<std::string> heard;
};

TEST_F(LocalChannelTest, WhatFollowsIsHeard) {
  channel->on_publication(numbered(kOld, 5));
  channel->on_publication(numbered(kOld, 6));
  EXPECT_THAT(deliver(), ElementsAre("old:5", "old:6"));
  EXPECT_FALSE(channel->wants_to_read());
}

TEST_F(LocalChannelTest, PresenceIsHeardOnlyWhereTheChannelBeganWithIt) {
  channel->on_publication(make_presence_publication("chat", {}, {}));
  EXPECT_TRUE(deliver().empty()) << "who listens here was not asked whether they may";
  settings.presence = true;
  channel.emplace("chat", settings, context());
  channel->members().add(*this).joined_sequence = 0;
  channel->on_joined({kOld, 4});
  channel->on_publication(make_presence_publication("chat", {}, {}));
  EXPECT_EQ(deliver().size(), 1U);
}

TEST_F(LocalChannelTest, AHoleIsReadFromTheLogAndNothingIsHeardTwice) {
  channel->on_publication(numbered(kOld, 7));
  ASSERT_TRUE(channel->wants_to_read());
  channel->begin_read();
  EXPECT_FALSE(channel->wants_to_read()) << "one read at a time";
  channel->on_publication(numbered(kOld, 8));
  EXPECT_TRUE(channel->on_read(page(kOld, 5, 8, 8)));
  EXPECT_TRUE(channel->is_live());
  channel->on_publication(numbered(kOld, 8));
  channel->on_publication(numbered(kOld, 9));
  EXPECT_THAT(deliver(), ElementsAre("old:5", "old:6", "old:7", "old:8", "old:9"));
}

TEST_F(LocalChannelTest, ReadingGoesOnUntilTheTopOfTheLog) {
  channel->on_publication(numbered(kOld, 6));
  channel->begin_read();
  EXPECT_TRUE(channel->on_read(page(kOld, 5, 6, 9)));
  EXPECT_FALSE(channel->is_live()) << "the log has more than what was heard of";
  EXPECT_THAT(deliver(), ElementsAre("old:5", "old:6"));
  ASSERT_TRUE(channel->wants_to_read());
  EXPECT_EQ(std::get<After>(channel->begin_read().start).position, (Position{kOld, 6}));
  EXPECT_TRUE(channel->on_read(page(kOld, 7, 9, 9)));
  EXPECT_TRUE(channel->is_live());
}

TEST_F(LocalChannelTest, APrunedLogIsAGap) {
  channel->on_publication(numbered(kOld, 20));
  channel->begin_read();
  EXPECT_TRUE(channel->on_read(page(kOld, 19, 20, 20, Continuity::Pruned)));
  EXPECT_THAT(deliver(), ElementsAre("gap old:18", "old:19", "old:20"));
}

TEST_F(LocalChannelTest, AnotherEpochIsAGapAndThenItsPublications) {
  channel->on_publication(numbered(kOld, 5));
  channel->on_publication(numbered(kNew, 3));
  EXPECT_THAT(deliver(), ElementsAre("old:5"));
  ASSERT_TRUE(channel->wants_to_read());
  channel->begin_read();
  EXPECT_TRUE(channel->on_read(page(kNew, 2, 3, 3, Continuity::OtherEpoch)));
  EXPECT_THAT(deliver(), ElementsAre("gap new:1", "new:2", "new:3"));
  channel->on_publication(numbered(kNew, 4));
  EXPECT_THAT(deliver(), ElementsAre("new:4"));
}

TEST_F(LocalChannelTest, AStaleLogIsAskedAgainAndInTheEndAGapIsTold) {
  channel->on_publication(numbered(kOld, 7));
  for (std::size_t read = 1; read < limits::kFruitlessReads; ++read) {
    channel->begin_read();
    const bool is_helpful = channel->on_read(
        read % 2 == 0 ? page(kOld, 5, 4, 4) : page(kOld, 4, 3, 3, Continuity::Future));
    ASSERT_FALSE(is_helpful);
    ASSERT_FALSE(channel->is_live());
  }
  channel->begin_read();
  EXPECT_TRUE(channel->on_read(page(kOld, 5, 4, 4)));
  EXPECT_TRUE(channel->is_live());
  channel->on_publication(numbered(kOld, 8));
  EXPECT_THAT(deliver(), ElementsAre("gap old:7", "old:8"));
}

TEST_F(LocalChannelTest, WhatWasHeardOfAnEpochThatTheLogDoesNotKnowIsNoGap) {
  channel->on_publication(numbered(kNew, 1));
  for (std::size_t read = 1; read <= limits::kFruitlessReads; ++read) {
    channel->begin_read();
    channel->on_read(page(kOld, 5, 4, 4));
  }
  EXPECT_TRUE(channel->is_live());
  channel->on_publication(numbered(kOld, 5));
  EXPECT_THAT(deliver(), ElementsAre("old:5"));
}

TEST_F(LocalChannelTest, AReadThatFailedIsWantedAgain) {
  channel->on_publication(numbered(kOld, 7));
  channel->begin_read();
  channel->on_read_failed();
  EXPECT_TRUE(channel->wants_to_read());
}

TEST_F(LocalChannelTest, WithoutSubscribersNothingIsRead) {
  channel->on_publication(numbered(kOld, 7));
  channel->members().remove(0);
  channel->on_emptied();
  EXPECT_FALSE(channel->wants_to_read());
  EXPECT_FALSE(channel->is_live());
}

TEST_F(LocalChannelTest, ANewChannelIsNotLiveBeforeItsAnswer) {
  LocalChannel fresh("chat", settings, *static_context);
  fresh.on_top({kOld, 3});
  EXPECT_FALSE(fresh.is_live());
  fresh.members().add(*this);
  fresh.on_publication(numbered(kOld, 4));
  EXPECT_FALSE(fresh.has_batches());
  fresh.on_joined({kOld, 3});
  EXPECT_FALSE(fresh.is_live()) << "4 was heard of and let go";
  EXPECT_TRUE(fresh.wants_to_read());
  fresh.members().remove(0);
}

}  // namespace
}  // namespace carillon::hub
