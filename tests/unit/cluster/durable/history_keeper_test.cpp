#include "cluster/durable/history_keeper.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/cluster/durable/durable_fixture.hpp"

namespace carillon::cluster::durable {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

KeeperSettings settings_for(const std::filesystem::path& path, Durability durability,
                            std::size_t home_count = 1) {
  KeeperSettings settings;
  settings.durability = durability;
  settings.data_directory = path.string();
  settings.bounds.namespaces = a_table();
  settings.home_count = home_count;
  return settings;
}

/// One process after the other over one folder.
class Process {
 public:
  Process(const TemporaryFolder& folder, Durability durability, std::size_t home_count = 1)
      : keeper(
            HistoryKeeper::open(settings_for(folder.path(), durability, home_count), kNow).value()),
        homes(home_count, keeper->origin()) {
    keeper->restore(homes.all());
    EXPECT_TRUE(keeper->begin().has_value());
  }
  void end() {
    EXPECT_TRUE(keeper->close(homes.all()).has_value());
    keeper.reset();
  }

  std::unique_ptr<HistoryKeeper> keeper;
  Homes homes;
};

std::vector<Position> positions_after_filling(Homes& homes) {
  std::vector<Position> tops;
  for (int channel = 0; channel < 20; ++channel) {
    const std::string name = "channel" + std::to_string(channel);
    for (int message = 0; message <= channel; ++message)
      homes.publish(name, std::to_string(message));
    tops.push_back(homes.read(name).top);
  }
  return tops;
}

TEST(HistoryKeeper, TakesASnapshotOverWhateverTheNumberOfHomes) {
  const TemporaryFolder folder;
  std::vector<Position> tops;
  Epoch fresh;
  {
    Process run(folder, Durability::Snapshot, 3);
    tops = positions_after_filling(run.homes);
    fresh = run.homes.read("nobody").top.epoch;
    run.homes.publish("once", "data", "key");
    run.end();
  }
  for (const std::size_t home_count : std::vector<std::size_t>{1, 4, 3}) {
    Process run(folder, Durability::Snapshot, home_count);
    for (std::size_t channel = 0; channel < tops.size(); ++channel) {
      const std::string name = "channel" + std::to_string(channel);
      const hub::Page page = run.homes.read(name, hub::After{{tops[channel].epoch, 0}});
      EXPECT_EQ(page.continuity, hub::Continuity::Unbroken);
      EXPECT_EQ(page.top, tops[channel]);
      EXPECT_EQ(page.publications.size(), channel + 1);
    }
    EXPECT_EQ(run.homes.read("nobody").top.epoch, fresh) << "who waits there misses nothing";
    const hub::Receipt again = run.homes.publish("once", "data", "key");
    EXPECT_TRUE(again.duplicate);
    EXPECT_EQ(again.position.offset, 1U);
    run.end();
  }
}

TEST(HistoryKeeper, GoesOnWithTheNumbersOfChannelsWithoutHistory) {
  const TemporaryFolder folder;
  Position top;
  {
    Process run(folder, Durability::Snapshot);
    run.homes.publish("a", "one");
    top = run.homes.publish("a", "two").position;
    run.homes.clock.advance(std::chrono::hours(2));
    for (int step = 0; step < 10; ++step) run.homes.home_of("a").on_time();
    EXPECT_THAT(run.homes.read("a").publications, IsEmpty());
    run.end();
  }
  Process run(folder, Durability::Snapshot);
  EXPECT_EQ(run.homes.read("a").top, top);
  const hub::Page page = run.homes.read("a", hub::After{{top.epoch, 1}});
  EXPECT_EQ(page.continuity, hub::Continuity::Pruned);
  EXPECT_EQ(run.homes.publish("a", "three").position, (Position{top.epoch, 3}));
}

TEST(HistoryKeeper, UsesASnapshotOnlyOnce) {
  const TemporaryFolder folder;
  Position top;
  {
    Process run(folder, Durability::Snapshot);
    top = run.homes.publish("a", "one").position;
    run.end();
  }
  {
    Process killed(folder, Durability::Snapshot);
    EXPECT_EQ(killed.homes.read("a").top, top);
    killed.homes.publish("a", "seen by somebody");
  }
  Process run(folder, Durability::Snapshot);
  EXPECT_EQ(run.homes.read("a", hub::After{top}).continuity, hub::Continuity::OtherEpoch);
}

TEST(HistoryKeeper, LeavesASnapshotToTheNextWhenTheStartFails) {
  const TemporaryFolder folder;
  {
    Process run(folder, Durability::Snapshot);
    run.homes.publish("a", "one");
    run.end();
  }
  {
    auto keeper = HistoryKeeper::open(settings_for(folder.path(), Durability::Snapshot), kNow);
    ASSERT_TRUE(keeper.has_value());  // and then an address was in use
  }
  Process run(folder, Durability::Snapshot);
  EXPECT_THAT(data_of(run.homes.read("a")), ElementsAre("one"));
}

TEST(HistoryKeeper, PutsAHistoryAsideThatNobodyGoesOnWith) {
  const TemporaryFolder folder;
  {
    Process run(folder, Durability::Snapshot);
    run.homes.publish("a", "one");
    run.end();
  }
  {
    Process run(folder, Durability::None);
    EXPECT_THAT(run.homes.read("a").publications, IsEmpty());
    run.end();
  }
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "history.unused"));
  Process run(folder, Durability::Snapshot);
  EXPECT_THAT(run.homes.read("a").publications, IsEmpty());
}

TEST(HistoryKeeper, TellsWhyAFolderCannotBeUsed) {
  const TemporaryFolder folder;
  const auto open_error = [](const std::filesystem::path& path) {
    const auto keeper = HistoryKeeper::open(settings_for(path, Durability::Log), kNow);
    return keeper ? std::string("it can be used") : keeper.error();
  };
  const Process run(folder, Durability::Log);
  EXPECT_THAT(
      open_error(folder.path()),
      testing::AllOf(HasSubstr("process " + std::to_string(::getpid())), HasSubstr("--data-dir")));
  write_file(folder.path() / "file", "");
  EXPECT_THAT(open_error(folder.path() / "file"), HasSubstr("durability = \"none\""));
}

TEST(HistoryKeeper, GoesFromASnapshotToALogAndBack) {
  const TemporaryFolder folder;
  Position top;
  {
    Process run(folder, Durability::Snapshot);
    top = run.homes.publish("a", "one").position;
    run.end();
  }
  for (const Durability durability :
       {Durability::Log, Durability::Log, Durability::Snapshot, Durability::Log}) {
    Process run(folder, durability, 2);
    EXPECT_EQ(run.homes.read("a").top, top);
    run.end();
  }
}

TEST(HistoryKeeper, MovesADamagedSnapshotAsideAndRenewsTheEpoch) {
  const TemporaryFolder folder;
  Position top;
  {
    Process run(folder, Durability::Snapshot);
    top = run.homes.publish("a", "one").position;
    run.end();
  }
  const auto path = folder.history() / "000000000001.snapshot";
  std::string text = read_file(path);
  text[text.size() - 3] = static_cast<char>(~text[text.size() - 3]);
  write_file(path, text);
  for (const Durability durability : {Durability::Snapshot, Durability::Log}) {
    Process run(folder, durability);
    EXPECT_EQ(run.homes.read("a", hub::After{top}).continuity, hub::Continuity::OtherEpoch);
    EXPECT_THAT(data_of(run.homes.read("a")), ElementsAre("one")) << "what is good is given";
    EXPECT_EQ(read_file(path.string() + ".corrupt"), text);
    run.end();
  }
}

TEST(HistoryKeeper, GoesOnFromTheSnapshotThatServesWhereANewerOneIsDamaged) {
  const TemporaryFolder folder;
  Position top;
  {
    Process run(folder, Durability::Snapshot);
    top = run.homes.publish("a", "one").position;
    run.end();
  }
  Process(folder, Durability::Log).end();
  const auto damaged = folder.history() / "000000000002.snapshot";
  write_file(damaged, read_file(folder.history() / "000000000001.snapshot").substr(0, 100));
  for (int start = 1; start <= 3; ++start) {
    Process run(folder, Durability::Log);
    EXPECT_EQ(run.homes.read("a", hub::After{top}).continuity, hub::Continuity::Unbroken) << start;
    EXPECT_FALSE(std::filesystem::exists(damaged));
    EXPECT_TRUE(std::filesystem::exists(damaged.string() + ".corrupt"));
    run.end();
  }
}

TEST(HistoryKeeper, MissesASnapshotThatALogBeganOn) {
  const TemporaryFolder folder;
  const std::filesystem::path snapshot = folder.history() / "000000000001.snapshot";
  const std::filesystem::path first_log = folder.history() / "000000000001.log";
  const auto is_renewed = [&] {
    const DataFolder data = DataFolder::open(folder.path().string()).value();
    const hub::NamespaceTable table;
    const RecoverySettings settings{
        .namespaces = table, .limits = {}, .now = kNow, .boot = boot_id()};
    return recover(data, settings)->is_renewed;
  };
  {
    Process run(folder, Durability::Snapshot);
    run.homes.publish("a", "one");
    run.end();
  }
  for (int start = 1; start <= 2; ++start) {
    Process(folder, Durability::Log).end();
    EXPECT_FALSE(is_renewed());
    for (const std::filesystem::path& path : {snapshot, first_log}) {
      if (path == first_log && start == 1) continue;  // nothing tells of the newest
      const std::string text = read_file(path);
      std::filesystem::remove(path);
      EXPECT_TRUE(is_renewed()) << path << start;
      write_file(path, text);
    }
    EXPECT_FALSE(is_renewed());
  }
}

}  // namespace
}  // namespace carillon::cluster::durable
