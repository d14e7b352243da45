#include "cluster/durable/recovery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster/durable/append_log.hpp"
#include "cluster/durable/compactor.hpp"
#include "cluster/durable/snapshot.hpp"
#include "tests/unit/cluster/durable/durable_fixture.hpp"

namespace carillon::cluster::durable {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// The compactor looks at the wall clock.
constexpr std::chrono::seconds kForEver = std::chrono::years(100);

/// A log in a folder of its own, and what comes of reading it.
class LogFolder {
 public:
  explicit LogFolder(SyncPolicy sync = SyncPolicy::Always)
      : folder(DataFolder::open(temporary_.path().string()).value()),
        log(folder, {.sync = sync, .boot = "boot", .origin = an_origin(), .calls = {}}, {}) {}

  void add(const std::string& channel, std::uint64_t offset, const std::string& data) {
    std::string records;
    append_record(records, *a_publication(channel, offset, data), std::nullopt);
    ASSERT_TRUE(log.commit(records, 1).has_value());
  }
  Result<Recovery, std::string> recover(const std::string& boot = "boot") const {
    return durable::recover(folder,
                            {.namespaces = table_, .limits = {}, .now = kNow, .boot = boot});
  }

 private:
  TemporaryFolder temporary_;
  hub::NamespaceTable table_;

 public:
  DataFolder folder;
  AppendLog log;
};

std::vector<std::string> data_of(Recovery& recovery, const std::string& channel) {
  std::vector<std::string> data;
  recovery.state->channels().for_each([&](const Channel& found) {
    if (found.name != channel) return;
    found.log.for_each([&](const auto& publication) { data.push_back(publication->data); });
  });
  return data;
}

Bytes epoch_of(Recovery& recovery, const std::string& channel) {
  Channel* const found = recovery.state->channels().find(channel, kNow);
  return found == nullptr ? Bytes() : found->log.numbering().epoch.text();
}

TEST(Recovery, OfAnEmptyFolderFindsNothing) {
  const LogFolder logs;
  const Recovery recovery = logs.recover().value();
  EXPECT_FALSE(recovery.found_anything);
  EXPECT_FALSE(recovery.is_renewed);
  EXPECT_THAT(recovery.findings, IsEmpty());
}

TEST(Recovery, GoesOnWhereALogEnds) {
  LogFolder logs;
  logs.add("a", 1, "one");
  ASSERT_TRUE(logs.log.begin_file().has_value());
  logs.add("a", 2, "two");
  logs.add("b", 1, "other");
  ASSERT_TRUE(logs.log.finish().has_value());
  Recovery recovery = logs.recover("another boot").value();
  EXPECT_FALSE(recovery.is_renewed);
  EXPECT_THAT(recovery.findings, IsEmpty());
  EXPECT_THAT(data_of(recovery, "a"), ElementsAre("one", "two"));
  EXPECT_EQ(epoch_of(recovery, "a"), "first");
  EXPECT_EQ(recovery.state->origin().fresh.epoch.text(), "first");
  EXPECT_EQ(recovery.last_log, 2U);
}

TEST(Recovery, CutsATornTailWhereverItIs) {
  LogFolder logs;
  std::vector<std::size_t> ends;
  for (std::uint64_t offset = 1; offset <= 3; ++offset) {
    logs.add("a", offset, "data");
    ends.push_back(logs.log.file_bytes());
  }
  const std::string whole = read_file(logs.folder.log(1));
  ASSERT_EQ(whole.size(), ends.back());
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    write_file(logs.folder.log(1), whole.substr(0, size));
    Recovery recovery = logs.recover().value();
    const auto kept = std::ranges::count_if(ends, [&](std::size_t end) { return end <= size; });
    EXPECT_EQ(data_of(recovery, "a").size(), static_cast<std::size_t>(kept)) << size;
    EXPECT_FALSE(recovery.is_renewed) << size;
    for (const Finding& finding : recovery.findings) EXPECT_TRUE(finding.is_harmless) << size;
    // The file system may have lengthened the file before the octets reached it. Half a record and
    // then zeros may as well be damage, so readers may be told of a gap.
    const std::string lengthened_text = whole.substr(0, size) + std::string(100, '\0');
    const auto whole_ends = std::ranges::count_if(ends, [&](std::size_t end) {
      return lengthened_text.starts_with(whole.substr(0, end));  // a record may end in zeros
    });
    write_file(logs.folder.log(1), lengthened_text);
    auto lengthened = logs.recover();
    ASSERT_TRUE(lengthened.has_value()) << size << ": " << lengthened.error();
    EXPECT_EQ(data_of(*lengthened, "a").size(), static_cast<std::size_t>(whole_ends)) << size;
  }
}

TEST(Recovery, NeverLosesInSilenceWhateverOctetOfALogIsWrong) {
  LogFolder logs;
  for (std::uint64_t offset = 1; offset <= 3; ++offset) logs.add("a", offset, "data");
  ASSERT_TRUE(logs.log.finish().has_value());
  const std::string whole = read_file(logs.folder.log(1));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ flip);
      write_file(logs.folder.log(1), damaged);
      auto recovery = logs.recover();
      if (!recovery) continue;  // another version's: nothing is touched
      EXPECT_TRUE(recovery->is_renewed) << at;
      EXPECT_NE(recovery->state->origin().fresh.epoch.text(), "first");
      EXPECT_THAT(recovery->findings, SizeIs(1)) << at;
      EXPECT_THAT(recovery->corrupt_files, ElementsAre(logs.folder.log(1)));
      EXPECT_TRUE(epoch_of(*recovery, "a") != "first") << at;
    }
  }
}

TEST(Recovery, TouchesNothingOfAnotherVersion) {
  LogFolder logs;
  logs.add("a", 1, "one");
  std::string later = read_file(logs.folder.log(1));
  later[kMagicName.size()] = '2';
  write_file(logs.folder.log(1), later);
  EXPECT_THAT(logs.recover().error(), testing::HasSubstr("another version"));
}

TEST(Recovery, JudgesNothingThatCannotBeReadAsLoss) {
  LogFolder logs;
  logs.add("a", 1, "one");
  std::filesystem::create_directory(logs.folder.log(2));
  const hub::NamespaceTable table;
  const auto recovery =
      recover(logs.folder,
              {.namespaces = table, .limits = {}, .now = kNow, .boot = "boot", .end_number = 2});
  EXPECT_THAT(recovery.error(), testing::HasSubstr("Is a directory"));
}

TEST(Recovery, RenewsEpochsOnlyWhereTheMachineMayHaveLostSomething) {
  for (const SyncPolicy sync : {SyncPolicy::Always, SyncPolicy::Interval, SyncPolicy::Never}) {
    LogFolder logs(sync);
    logs.add("a", 1, "one");
    EXPECT_FALSE(logs.recover("boot")->is_renewed) << "the process ended, the machine did not";
    EXPECT_EQ(logs.recover("another boot")->is_renewed, sync != SyncPolicy::Always);
    EXPECT_EQ(logs.recover("")->is_renewed, sync != SyncPolicy::Always);
    ASSERT_TRUE(logs.log.finish().has_value());
    EXPECT_FALSE(logs.recover("another boot")->is_renewed) << "an orderly end";
  }
}

TEST(Recovery, TellsOfALogThatIsMissingOrShorterThanItWas) {
  LogFolder logs;
  for (std::uint64_t offset = 1; offset <= 3; ++offset) {
    logs.add("a", offset, "data");
    ASSERT_TRUE(logs.log.begin_file().has_value());
  }
  EXPECT_FALSE(logs.recover()->is_renewed);
  for (const std::uint64_t number : std::vector<std::uint64_t>{1, 2, 3}) {
    const auto path = logs.folder.log(number);
    const std::string whole = read_file(path);
    write_file(path, whole.substr(0, whole.size() - 1));
    EXPECT_TRUE(logs.recover()->is_renewed) << number;
    logs.folder.remove(path);
    EXPECT_TRUE(logs.recover()->is_renewed) << number;
    write_file(path, whole);
    EXPECT_FALSE(logs.recover()->is_renewed) << number;
    write_file(path, whole + "left by a write that failed");
    EXPECT_FALSE(logs.recover()->is_renewed) << "the next file says how far this one counts";
  }
}

TEST(Recovery, IgnoresALogThatNothingWasEverKeptIn) {
  LogFolder logs;
  logs.add("a", 1, "one");
  for (const char* text : {"", "carillon", "carillon history 1\n", "carillon history 1\nabc"}) {
    write_file(logs.folder.log(2), text);
    Recovery recovery = logs.recover().value();
    EXPECT_FALSE(recovery.is_renewed) << text;
    EXPECT_EQ(recovery.last_log, 1U);
    EXPECT_THAT(data_of(recovery, "a"), ElementsAre("one"));
  }
}

TEST(Recovery, KeepsAChannelsLivesApart) {
  LogFolder logs;
  logs.add("a", 1, "one");
  std::string records;
  append_record(records, *a_publication("a", 1, "late", "second"), std::nullopt);  // not later
  append_record(records, *a_publication("b", 8, "b8"), std::nullopt);  // forgotten before
  ASSERT_TRUE(logs.log.commit(records, 2).has_value());
  Recovery recovery = logs.recover().value();
  EXPECT_THAT(data_of(recovery, "a"), ElementsAre("one"));
  EXPECT_THAT(data_of(recovery, "b"), ElementsAre("b8"));
  EXPECT_FALSE(recovery.is_renewed);
  logs.add("b", 10, "b10");  // and where is 9?
  recovery = logs.recover().value();
  EXPECT_TRUE(recovery.is_renewed);
  EXPECT_THAT(data_of(recovery, "b"), ElementsAre("b10"));
}

TEST(Recovery, KeepsToTheLimitOfLiveChannelsAndRemembersTheRest) {
  LogFolder logs;
  const BudgetLimits limits{.live_channels = 2};
  const hub::NamespaceTable table;
  for (std::uint64_t offset = 1; offset <= 2; ++offset) {
    for (const char* channel : {"a", "b", "c"}) logs.add(channel, offset, "data");
  }
  logs.add("b", 3, "data");
  Recovery recovery =
      recover(logs.folder, {.namespaces = table, .limits = limits, .now = kNow, .boot = "boot"})
          .value();
  EXPECT_FALSE(recovery.is_renewed);
  EXPECT_THAT(data_of(recovery, "a"), IsEmpty());
  EXPECT_THAT(data_of(recovery, "b"), ElementsAre("data", "data"));
  EXPECT_THAT(data_of(recovery, "c"), ElementsAre("data"));
  Homes homes(1, recovery.state->origin(), limits);
  recovery.state->move_into(homes.all());
  homes.clock.advance(2 * cluster::limits::kIdleTime);
  EXPECT_EQ(homes.publish("d", "data").position.offset, 1U) << "there is room for another";
  EXPECT_EQ(homes.publish("a", "data").position, (Position{*Epoch::parse("first"), 3}));
}

// --- Snapshots and compaction -----------------------------------------------------------------

TEST(Recovery, OfACompactedLogIsTheSame) {
  LogFolder logs;
  for (std::uint64_t offset = 1; offset <= 5; ++offset) {
    logs.add("a", offset, std::to_string(offset));
    logs.add("b", offset, std::to_string(offset));
  }
  ASSERT_TRUE(logs.log.begin_file().has_value());
  logs.add("a", 6, "6");
  Compactor compactor(logs.folder,
                      {.namespaces = a_table({.history_count = 3, .history_age = kForEver}),
                       .limits = {},
                       .calls = {}});
  compactor.start(2, [] {});
  ASSERT_TRUE(compactor.take_outcome().has_value());
  const FileList files = logs.folder.list();
  EXPECT_THAT(files.snapshots, ElementsAre(2));
  EXPECT_THAT(files.logs, ElementsAre(2));
  Recovery recovery = logs.recover().value();
  EXPECT_FALSE(recovery.is_renewed);
  EXPECT_THAT(data_of(recovery, "a"), ElementsAre("3", "4", "5", "6"));
  EXPECT_THAT(data_of(recovery, "b"), ElementsAre("3", "4", "5"));
  EXPECT_EQ(epoch_of(recovery, "b"), "first");
  logs.folder.remove(logs.folder.log(2));
  EXPECT_TRUE(logs.recover()->is_renewed) << "a log must follow";
}

TEST(Recovery, NeverLosesInSilenceWhateverOctetOfASnapshotIsWrong) {
  LogFolder logs;
  logs.add("a", 1, "one");
  logs.add("b", 1, "two");
  ASSERT_TRUE(logs.log.begin_file().has_value());
  const std::string first_log = read_file(logs.folder.log(1));
  Compactor compactor(
      logs.folder, {.namespaces = a_table({.history_age = kForEver}), .limits = {}, .calls = {}});
  compactor.start(2, [] {});
  ASSERT_TRUE(compactor.take_outcome().has_value());
  const std::string whole = read_file(logs.folder.snapshot(2));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    for (const std::string& bad : {damaged, whole.substr(0, at)}) {
      write_file(logs.folder.snapshot(2), bad);
      auto recovery = logs.recover();
      if (!recovery) continue;
      EXPECT_TRUE(recovery->is_renewed) << at;
      EXPECT_THAT(recovery->corrupt_files, ElementsAre(logs.folder.snapshot(2))) << at;
    }
  }
  // Where what it was made of is still there, nothing is lost.
  write_file(logs.folder.log(1), first_log);
  write_file(logs.folder.snapshot(1), whole);
  Recovery recovery = logs.recover().value();
  EXPECT_FALSE(recovery.is_renewed);
  EXPECT_EQ(recovery.snapshot, 1U);
  EXPECT_THAT(data_of(recovery, "b"), ElementsAre("two"));
  ASSERT_TRUE(logs.log.begin_file().has_value());
  compactor.start(3, [] {});
  ASSERT_TRUE(compactor.take_outcome().has_value());
  EXPECT_THAT(logs.folder.list().snapshots, ElementsAre(3));
  EXPECT_TRUE(std::filesystem::exists(logs.folder.snapshot(2).string() + ".corrupt"));
}

}  // namespace
}  // namespace carillon::cluster::durable
