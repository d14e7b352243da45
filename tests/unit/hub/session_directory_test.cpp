#include "hub/session_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <set>
#include <vector>

#include "tests/unit/hub/mail_room.hpp"

namespace carillon::hub {
namespace {

class Holder final : public SessionHolder {
 public:
  void on_replaced(ClientId client) override { replaced.push_back(client); }
  std::vector<ClientId> replaced;
};

class SessionDirectoryTest : public testing::Test {
 protected:
  explicit SessionDirectoryTest(std::size_t reactors = 3, std::size_t capacity = 100)
      : mail(reactors, capacity) {
    for (ReactorIndex index = 0; index < reactors; ++index) {
      directories.push_back(std::make_unique<SessionDirectory>(mail.courier(index), peers));
      peers.session_directories.push_back(directories.back().get());
    }
  }
  SessionDirectory& at(ReactorIndex index) { return *directories[index]; }

  MailRoom mail;
  Peers peers;
  std::vector<std::unique_ptr<SessionDirectory>> directories;
};

TEST_F(SessionDirectoryTest, FreshIdsAreAtHomeWhereTheyAreMade) {
  std::set<ClientId> ids;
  for (int i = 0; i < 300; ++i) {
    const ReactorIndex own = static_cast<ReactorIndex>(i) % 3;
    const ClientId id = at(own).make_client_id();
    EXPECT_EQ(id.value % 3, own);
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 300U);
}

TEST_F(SessionDirectoryTest, ASessionThatStaysAtHomeCostsNoMessage) {
  const ClientId id = at(1).make_client_id();
  Holder holder;
  EXPECT_TRUE(at(1).claim(id, holder));
  EXPECT_TRUE(mail.is_empty());
  EXPECT_EQ(at(1).session_count(), 1U);
  at(1).release(id, holder);
  EXPECT_TRUE(mail.is_empty());
  EXPECT_EQ(at(1).session_count(), 0U);
}

TEST_F(SessionDirectoryTest, TheNewestHolderOnOneReactorReplacesTheOlder) {
  const ClientId id = at(0).make_client_id();
  for (const ReactorIndex reactor : {0U, 1U}) {
    Holder older;
    Holder newer;
    EXPECT_TRUE(at(reactor).claim(id, older));
    mail.run_all();
    EXPECT_TRUE(at(reactor).claim(id, newer));
    EXPECT_TRUE(at(reactor).claim(id, newer)) << "which changes nothing";
    mail.run_all();
    EXPECT_THAT(older.replaced, testing::ElementsAre(id));
    EXPECT_THAT(newer.replaced, testing::IsEmpty());
    at(reactor).release(id, older);
    EXPECT_EQ(at(reactor).session_count(), 1U) << "the older one has nothing to release";
    at(reactor).release(id, newer);
    mail.run_all();
    EXPECT_EQ(at(reactor).session_count(), 0U);
  }
}

TEST_F(SessionDirectoryTest, TheNewestHolderReplacesTheOlderAcrossReactors) {
  const ClientId id = at(0).make_client_id();
  Holder home;
  Holder first;
  Holder second;
  EXPECT_TRUE(at(0).claim(id, home));
  EXPECT_TRUE(at(1).claim(id, first));
  mail.run_all();
  EXPECT_THAT(home.replaced, testing::ElementsAre(id));
  EXPECT_TRUE(at(2).claim(id, second));
  mail.run_all();
  EXPECT_THAT(first.replaced, testing::ElementsAre(id));
  EXPECT_TRUE(at(0).claim(id, home));
  mail.run_all();
  EXPECT_THAT(second.replaced, testing::ElementsAre(id));
  EXPECT_THAT(home.replaced, testing::SizeIs(1));
}

TEST_F(SessionDirectoryTest, NewsOfAnOlderClaimDoesNotHitANewerOne) {
  const ClientId id = at(0).make_client_id();
  Holder first;
  Holder elsewhere;
  Holder again;
  EXPECT_TRUE(at(1).claim(id, first));
  mail.run_all();
  EXPECT_TRUE(at(2).claim(id, elsewhere));
  ASSERT_TRUE(mail.run_one(2, 0));  // the news of it is now under way to reactor 1
  EXPECT_TRUE(at(1).claim(id, again));
  mail.run_all();
  EXPECT_THAT(first.replaced, testing::ElementsAre(id));
  EXPECT_THAT(again.replaced, testing::IsEmpty());
  EXPECT_THAT(elsewhere.replaced, testing::ElementsAre(id));
}

TEST_F(SessionDirectoryTest, AHomeThatCannotBeToldFailsTheClaimAndNothingChanges) {
  const ClientId id = at(0).make_client_id();
  Holder older;
  Holder newer;
  EXPECT_TRUE(at(1).claim(id, older));
  mail.run_all();
  mail.capacity = 0;
  EXPECT_EQ(at(1).claim(id, newer).error(), BrokerError::Unavailable);
  EXPECT_THAT(older.replaced, testing::IsEmpty());
  mail.capacity = 100;
  EXPECT_TRUE(at(1).claim(id, newer));
}

TEST_F(SessionDirectoryTest, NewsThatAFullMailboxRefusedIsSentAgain) {
  const ClientId id = at(0).make_client_id();
  Holder away;
  Holder home;
  EXPECT_TRUE(at(1).claim(id, away));
  mail.run_all();
  mail.capacity = 0;
  EXPECT_TRUE(at(0).claim(id, home));
  mail.capacity = 100;
  mail.run_all();
  EXPECT_THAT(away.replaced, testing::IsEmpty());
  at(0).on_time();
  mail.run_all();
  EXPECT_THAT(away.replaced, testing::ElementsAre(id));
}

TEST_F(SessionDirectoryTest, AtRestEverySessionHasTheOneHolderWhoClaimedLast) {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    struct Endpoint final : SessionHolder {
      void on_replaced(ClientId) override { holds = false; }
      ReactorIndex reactor = 0;
      bool holds = false;
    };
    MailRoom room(3, 3);
    Peers neighbours;
    std::vector<std::unique_ptr<SessionDirectory>> all;
    for (ReactorIndex index = 0; index < 3; ++index) {
      all.push_back(std::make_unique<SessionDirectory>(room.courier(index), neighbours));
      neighbours.session_directories.push_back(all.back().get());
    }
    const ClientId id = all[0]->make_client_id();
    std::vector<Endpoint> endpoints(9);
    for (int step = 0; step < 300; ++step) {
      const std::size_t chosen = random() % endpoints.size();
      Endpoint& endpoint = endpoints[chosen];
      endpoint.reactor = chosen % 3;
      if (random() % 3 == 0) {
        if (all[endpoint.reactor]->claim(id, endpoint)) endpoint.holds = true;
      } else if (random() % 4 == 0) {
        all[endpoint.reactor]->release(id, endpoint);
        endpoint.holds = false;
      } else if (random() % 4 == 0) {
        all[random() % 3]->on_time();
      } else {
        room.run_one(random() % 3, random() % 3);
      }
    }
    room.capacity = 1'000;
    for (int step = 0; step < 10; ++step) {
      for (const auto& directory : all) directory->on_time();
      room.run_all();
    }
    const auto holders = [&] {
      return std::ranges::count_if(endpoints, [](const Endpoint& one) { return one.holds; });
    };
    ASSERT_LE(holders(), 1) << "seed " << seed;
    ASSERT_TRUE(all[1]->claim(id, endpoints[1]));
    endpoints[1].holds = true;
    room.run_all();
    ASSERT_EQ(holders(), 1) << "seed " << seed;
    all[1]->release(id, endpoints[1]);
    room.run_all();
    for (const auto& directory : all) ASSERT_EQ(directory->session_count(), 0U);
  }
}

}  // namespace
}  // namespace carillon::hub
