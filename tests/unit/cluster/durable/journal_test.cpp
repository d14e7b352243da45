#include "cluster/durable/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <thread>

#include "cluster/durable/journaled_broker.hpp"
#include "tests/unit/cluster/durable/durable_fixture.hpp"

namespace carillon::cluster::durable {
namespace {

/// What fails, from any thread.
struct Disk {
  std::atomic<int> write_error{0};
  std::atomic<int> sync_error{0};
  std::atomic<std::size_t> short_write{0};  // so many octets are taken, and then it fails

  FileCalls calls() {
    FileCalls real;
    return {.write = [this](int fd, const void* octets, std::size_t size) -> ssize_t {
              if (const std::size_t part = short_write.exchange(0); part > 0 && part < size) {
                write_error = ENOSPC;
                return ::write(fd, octets, part);
              }
              errno = write_error;
              return errno != 0 ? -1 : ::write(fd, octets, size);
            },
            .sync =
                [this](int fd) {
                  errno = sync_error;
                  return errno != 0 ? -1 : ::fdatasync(fd);
                },
            .truncate = real.truncate};
  }
};

/// A journal with its thread, and one home that waits for each verdict.
class JournalRun {
 public:
  JournalRun(const TemporaryFolder& temporary, Disk& disk, std::uint64_t log_bytes,
             SyncPolicy sync = SyncPolicy::Always)
      : folder_(DataFolder::open(temporary.path().string()).value()),
        journal_(folder_,
                 {.log = {.sync = sync, .boot = "b", .origin = an_origin(), .calls = disk.calls()},
                  .log_bytes = log_bytes,
                  .compaction = {.namespaces = a_table(
                                     {.history_count = 10, .history_age = std::chrono::years(100)}),
                                 .limits = {},
                                 .calls = disk.calls()},
                  .compaction_retry = std::chrono::milliseconds(1)},
                 {}, 1),
        homes_(1, an_origin()),
        broker_(homes_.home_of("a"), journal_.lane(0)) {
    journal_.start();
  }

  /// The offset, or 0 when it failed.
  std::uint64_t publish(const std::string& data) {
    std::optional<std::uint64_t> offset;
    broker_.publish(
        {.draft = {.channel = "a", .data = data, .publisher = {}, .key = {}}, .dedupe = {}},
        [&](auto result) { offset = result ? result->position.offset : 0; });
    while (!offset) {
      pollfd event{.fd = journal_.lane(0).event_fd(), .events = POLLIN, .revents = 0};
      EXPECT_EQ(::poll(&event, 1, 20'000), 1);
      broker_.on_ready(0);
    }
    return *offset;
  }
  Journal& journal() { return journal_; }
  const DataFolder& folder() const { return folder_; }

 private:
  DataFolder folder_;
  Journal journal_;
  Homes homes_;
  JournaledBroker broker_;
};

std::vector<std::string> left_in(const TemporaryFolder& temporary) {
  const DataFolder folder = DataFolder::open(temporary.path().string()).value();
  const hub::NamespaceTable table;
  Recovery recovery =
      recover(folder, {.namespaces = table, .limits = {}, .now = kNow, .boot = "other"}).value();
  EXPECT_FALSE(recovery.is_renewed);
  std::vector<std::string> data;
  recovery.state->channels().for_each([&](const Channel& channel) {
    channel.log.for_each([&](const auto& publication) { data.push_back(publication->data); });
  });
  return data;
}

TEST(Journal, RefusesWhileTheDiskFailsAndGoesOnAfterwards) {
  const TemporaryFolder temporary;
  Disk disk;
  {
    JournalRun run(temporary, disk, 1 << 20);
    EXPECT_EQ(run.publish("one"), 1U);
    EXPECT_EQ(run.journal().trouble(), "");
    disk.short_write = 5;
    EXPECT_EQ(run.publish("full"), 0U);
    EXPECT_EQ(run.journal().trouble(), "No space left on device");
    EXPECT_EQ(run.publish("still full"), 0U);
    disk.write_error = 0;
    EXPECT_EQ(run.publish("two"), 2U);
    EXPECT_EQ(run.journal().trouble(), "");
    disk.sync_error = EIO;
    EXPECT_EQ(run.publish("not on the disk"), 0U);
    EXPECT_EQ(run.publish("nor this"), 0U);
    disk.sync_error = 0;
    EXPECT_EQ(run.publish("three"), 3U);
    EXPECT_GE(run.folder().list().logs.size(), 2U) << "the file that failed is not trusted again";
    EXPECT_EQ(run.journal().counts().failed_commits, 4U);
  }
  EXPECT_THAT(left_in(temporary), testing::ElementsAre("one", "two", "three"));
}

TEST(Journal, CompactsWhatGrows) {
  const TemporaryFolder temporary;
  Disk disk;
  constexpr std::uint64_t kMessages = 400;
  {
    JournalRun run(temporary, disk, 4096);
    for (std::uint64_t number = 1; number <= kMessages; ++number) {
      const std::string data = std::to_string(number) + std::string(100, 'x');
      std::uint64_t offset = 0;
      // It is so small a log that compaction has to catch up now and then.
      while (offset == 0) offset = run.publish(data);
      ASSERT_EQ(offset, number);
    }
    EXPECT_GT(run.journal().counts().compactions, 0U);
  }
  const std::vector<std::string> left = left_in(temporary);
  ASSERT_GE(left.size(), 10U);
  EXPECT_LT(left.size(), kMessages) << "what nobody retains is not kept";
  EXPECT_TRUE(left.back().starts_with("400x"));
}

TEST(Journal, RefusesWhenCompactionFailsForTooLong) {
  const TemporaryFolder temporary;
  Disk disk;
  JournalRun run(temporary, disk, 4096);
  // Nobody can write where a folder is in the way.
  std::filesystem::create_directory(run.folder().unfinished_snapshot());
  std::uint64_t published = 0;
  while (run.publish(std::string(100, 'x')) != 0) ASSERT_LT(++published, 1000U);
  EXPECT_THAT(run.journal().trouble(), testing::HasSubstr("the log is full"));
  EXPECT_LE(run.journal().counts().log_bytes, 4 * 4096U + 1000) << "and what was written last";
}

TEST(Journal, TakesAPublicationLargerThanItsFiles) {
  const TemporaryFolder temporary;
  Disk disk;
  const std::string large(5 * 4096, 'x');
  {
    JournalRun run(temporary, disk, 4096);
    EXPECT_EQ(run.publish("one"), 1U);
    EXPECT_EQ(run.publish(large), 2U);
    std::uint64_t offset = 0;
    while (offset == 0) offset = run.publish("compacted meanwhile");
    EXPECT_EQ(offset, 3U);
  }
  EXPECT_THAT(left_in(temporary), testing::ElementsAre("one", large, "compacted meanwhile"));
}

TEST(Journal, TriesLessAndLessOftenToCompactWhatIsDamaged) {
  const TemporaryFolder temporary;
  Disk disk;
  JournalRun run(temporary, disk, 4096);
  EXPECT_EQ(run.publish("one"), 1U);
  std::fstream(run.folder().log(1)).seekp(-10, std::ios::end).put('~');
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
  while (std::chrono::steady_clock::now() < end) run.publish(std::string(100, 'x'));
  EXPECT_GE(run.journal().counts().failed_compactions, 2U);
  EXPECT_LE(run.journal().counts().failed_compactions, 10U) << "1 ms, 2 ms, 4 ms";
}

TEST(Journal, SynchronisesAsThePolicySays) {
  for (const SyncPolicy sync : {SyncPolicy::Interval, SyncPolicy::Never}) {
    const TemporaryFolder temporary;
    Disk disk;
    {
      JournalRun run(temporary, disk, 1 << 20, sync);
      disk.sync_error = EIO;
      EXPECT_EQ(run.publish("one"), 1U) << "acknowledged without";
      disk.sync_error = 0;
      EXPECT_EQ(run.publish("two"), 2U);
    }
    EXPECT_THAT(left_in(temporary), testing::ElementsAre("one", "two")) << "an orderly end";
  }
}

}  // namespace
}  // namespace carillon::cluster::durable
