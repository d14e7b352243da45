// Nothing lost, nothing twice, or a gap told: under thousands of random schedules.

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/hub/model_reader.hpp"

namespace carillon::hub {
namespace {

using std::chrono::milliseconds;

struct Scenario {
  const char* name;
  std::size_t reactors = 1;
  std::size_t mailbox_capacity = 1'000;
  std::size_t history_count = 1'000'000;
  std::size_t history_bytes = 1'000'000'000;  // of a channel
  std::size_t all_history_bytes = 1'000'000'000;
  Troubles troubles = {};
  int schedules = 40;
};

const Scenario kScenarios[] = {
    {.name = "OneReactor"},
    {.name = "ThreeReactors", .reactors = 3},
    {.name = "TightMailboxes", .reactors = 3, .mailbox_capacity = 3},
    {.name = "ShortHistory", .reactors = 3, .mailbox_capacity = 3, .history_count = 5},
    {.name = "NoHistory", .reactors = 3, .mailbox_capacity = 2, .history_count = 0},
    {.name = "SmallBudget", .reactors = 3, .mailbox_capacity = 3, .all_history_bytes = 5'000},
    {.name = "LateBroker", .troubles = {.is_slow = true}},
    {.name = "LateBrokerThreeReactors",
     .reactors = 3,
     .mailbox_capacity = 6,
     .troubles = {.is_slow = true}},
    {.name = "LossyBroker",
     .reactors = 3,
     .mailbox_capacity = 20,
     .troubles = {.is_slow = true, .losing = 0.2, .repeating = 0.2}},
    {.name = "FailingBroker",
     .reactors = 3,
     .mailbox_capacity = 20,
     .troubles = {.is_slow = true, .failing = 0.2, .losing = 0.1, .repeating = 0.1}},
    {.name = "FailingBrokerShortHistory",
     .reactors = 3,
     .mailbox_capacity = 4,
     .history_count = 4,
     .troubles = {.is_slow = true, .failing = 0.2, .losing = 0.2, .repeating = 0.1}},
};

NamespaceTable namespaces(const Scenario& scenario) {
  NamespaceSettings plain{.history_count = scenario.history_count,
                          .history_bytes = scenario.history_bytes};
  NamespaceSettings drops = plain;
  drops.outbox_policy = OutboxPolicy::DropOldest;
  drops.backlog_bytes = 2'000;
  NamespaceSettings conflates = drops;
  conflates.outbox_policy = OutboxPolicy::Conflate;
  return NamespaceTable(plain, {{"drop", drops}, {"conflate", conflates}});
}

class Play {
 public:
  Play(const Scenario& scenario, std::uint32_t seed)
      : scenario_(scenario),
        random_(seed),
        town_({.reactors = scenario.reactors,
               .mailbox_capacity = scenario.mailbox_capacity,
               .namespaces = namespaces(scenario),
               .budget = {.history_bytes = scenario.all_history_bytes},
               .seed = seed}) {
    set_troubles(scenario.troubles);
  }
  ~Play() {
    readers_.clear();
    for (ReactorIndex index = 0; index < town_.size(); ++index) {
      EXPECT_EQ(town_.counts(index).subscriptions, 0U);
      EXPECT_EQ(town_.counts(index).backlog_bytes, 0U);
    }
  }

  void run(int steps) {
    for (int step = 0; step < steps && !testing::Test::HasFatalFailure(); ++step) take_step();
    calm_down();
    judge();
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }
  bool one_in(std::size_t count) { return below(count) == 0; }

  std::string channel() {
    static const std::vector<std::string> names{"a", "b", "long-name-of-a-channel", "drop:a",
                                                "conflate:a"};
    return names[below(names.size())];
  }
  Hub& hub() { return town_.hub(below(town_.size())); }
  /// With reactors in their high bits, as the filter of a batch looks at these.
  ClientId client() { return {(below(3) + 1) << 60}; }

  void set_troubles(const Troubles& troubles) {
    for (ReactorIndex index = 0; index < town_.size(); ++index) {
      town_.broker(index).troubles = troubles;
    }
  }

  void take_step() {
    const std::size_t choice = below(100);
    if (choice < 20) {
      publish_something();
    } else if (choice < 24) {
      publish_ephemeral();
    } else if (choice < 31) {
      subscribe_something();
    } else if (choice < 34) {
      unsubscribe_something();
    } else if (choice < 66) {
      town_.mail.run_one(below(town_.size()), below(town_.size()));
    } else if (choice < 78) {
      town_.broker(below(town_.size())).run_one();
    } else if (choice < 88) {
      hub().deliver(1 + below(4));
    } else if (choice < 91) {
      town_.clock.advance(milliseconds(below(8'000)));
      hub().on_time();
    } else if (choice < 95) {
      change_congestion();
    } else if (choice < 97) {
      note_position();
    } else if (choice < 98 && !readers_.empty()) {
      readers_.erase(readers_.begin() + static_cast<long>(below(readers_.size())));
    }
  }

  void publish_something() {
    std::string key;
    if (one_in(2)) key.push_back(static_cast<char>('x' + below(3)));
    const std::string name = channel();
    const std::string data = std::to_string(++published_);
    hub().publish({.draft = draft(name, data, client(), key), .dedupe = {}},
                  [this, name, data](Result<Receipt, BrokerError> receipt) {
                    if (receipt) acknowledged_.push_back({name, data, receipt->position});
                  });
  }

  void publish_ephemeral() {
    const std::size_t sender = below(town_.size());
    town_.hub(sender).publish_ephemeral(
        draft(channel(), std::to_string(sender) + ":" + std::to_string(++published_)), [](auto) {});
  }

  void subscribe_something() {
    SubscribeRequest request;
    request.channel = channel();
    switch (below(4)) {
      case 0:
        request.start = Latest{};
        request.limit = below(5);
        break;
      case 1:
        request.start = Live{};
        break;
      default:
        if (known_[request.channel].empty()) break;
        request.start = After{known_[request.channel][below(known_[request.channel].size())]};
        if (one_in(4)) request.limit = 1 + below(5);
        if (one_in(2)) request.overflow = Overflow::ReadOn;
    }
    if (one_in(3)) request.echo = Echo::NotMyOwn;
    request.client = client();
    if (readers_.empty() || one_in(3)) {
      readers_.push_back(std::make_unique<ModelReader>(town_, below(town_.size()),
                                                       one_in(2) ? town_.plain : town_.framed));
      readers_.back()->misbehave = [this](ModelReader& reader) { misbehave(reader); };
    }
    readers_[below(readers_.size())]->follow(std::move(request));
  }

  void unsubscribe_something() {
    if (readers_.empty()) return;
    ModelReader& reader = *readers_[below(readers_.size())];
    if (reader.followings.empty()) return;
    reader.unfollow(
        std::next(reader.followings.begin(), static_cast<long>(below(reader.followings.size())))
            ->first);
  }

  void change_congestion() {
    if (readers_.empty()) return;
    ModelReader& reader = *readers_[below(readers_.size())];
    reader.is_congested = !reader.is_congested;
    if (!reader.is_congested) drain(reader);
  }
  void drain(ModelReader& reader) {
    // By copy: subscriptions, and the reader itself, may end meanwhile.
    const std::vector<SubscriptionId> ids = reader.ids;
    const ReactorIndex reactor = reactor_of(reader);
    for (const SubscriptionId id : ids) town_.hub(reactor).on_drained(id);
  }
  ReactorIndex reactor_of(ModelReader& reader) {
    for (ReactorIndex index = 0; index < town_.size(); ++index) {
      if (&town_.hub(index) == &reader.hub()) return index;
    }
    return 0;
  }

  /// A position that somebody could have kept.
  void note_position() {
    for (const auto& reader : readers_) {
      for (const auto& [id, following] : reader->followings) {
        if (following.has_joined && following.is_contiguous && one_in(4)) {
          known_[following.channel].push_back(following.last);
        }
      }
    }
  }

  /// What a subscriber may do while it is being served.
  void misbehave(ModelReader& reader) {
    if (!one_in(20) || is_calm_) return;
    switch (below(6)) {
      case 0:
        return publish_something();
      case 1:
        return subscribe_something();
      case 2:
        return unsubscribe_something();
      case 3:
        return change_congestion();
      case 4:
        return drain(reader);
      default:
        std::erase_if(readers_, [&](const auto& one) { return one.get() == &reader; });
    }
  }

  void calm_down() {
    is_calm_ = true;
    set_troubles({.is_slow = scenario_.troubles.is_slow});
    town_.mail.capacity = 1'000'000;
    for (const auto& reader : readers_) {
      reader->is_congested = false;
      drain(*reader);
    }
    town_.wait(milliseconds(2'000));
    // The last of a channel may not have been told; the next one shows it.
    for (const char* name : {"a", "b", "long-name-of-a-channel", "drop:a", "conflate:a"}) {
      publish(town_.hub(0), draft(name, std::to_string(++published_)));
    }
    town_.wait(milliseconds(2'000));
  }

  void judge() {
    for (const auto& reader : readers_) {
      for (const auto& [id, following] : reader->followings) judge(following);
    }
    if (!keeps_all()) return;
    for (const auto& [name, data, position] : acknowledged_) {
      const Page page = town_.log(name, After{{position.epoch, position.offset - 1}});
      ASSERT_FALSE(page.publications.empty()) << "acknowledged and not kept";
      ASSERT_EQ(page.publications[0]->data, data);
    }
  }
  void judge(const Following& following) {
    const Page log = town_.log(following.channel);
    ASSERT_TRUE(following.has_joined);
    ASSERT_EQ(to_text(following.last), to_text(log.top)) << following.channel << " lost its end";
    const bool may_drop = following.channel.starts_with("drop") || !following.is_contiguous;
    if (!keeps_all()) return;
    if (!may_drop) {
      ASSERT_EQ(following.gaps, 0U) << "a gap without a reason";
    }
    if (following.gaps > 0) return;
    for (const std::uint64_t offset : following.skipped) {
      const PublicationPtr& skipped = log.publications.at(offset - log.oldest.offset - 1);
      ASSERT_EQ(skipped->position.offset, offset);
      if (skipped->client == following.left_out && following.left_out) continue;
      const auto newer = following.last_of_key.find(skipped->key);
      const bool is_conflated = !following.is_contiguous && !skipped->key.empty() &&
                                newer != following.last_of_key.end() && newer->second > offset;
      ASSERT_TRUE(is_conflated) << following.channel << " lost " << offset;
    }
  }
  bool keeps_all() const {
    return scenario_.history_count > 1'000 && scenario_.all_history_bytes > 1'000'000;
  }

  struct Acknowledged {
    std::string channel;
    std::string data;
    Position position;
  };

  const Scenario& scenario_;
  std::mt19937 random_;
  Town town_;
  std::vector<std::unique_ptr<ModelReader>> readers_;
  std::map<std::string, std::vector<Position>> known_;
  std::vector<Acknowledged> acknowledged_;
  std::uint64_t published_ = 0;
  bool is_calm_ = false;
};

class RandomSchedule : public testing::TestWithParam<Scenario> {};

TEST_P(RandomSchedule, EachSubscriberHearsEachOffsetOnceOrIsToldAGap) {
  for (int seed = 1; seed <= GetParam().schedules; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Play(GetParam(), static_cast<std::uint32_t>(seed)).run(3'000);
    if (HasFatalFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Hub, RandomSchedule, testing::ValuesIn(kScenarios),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace carillon::hub
