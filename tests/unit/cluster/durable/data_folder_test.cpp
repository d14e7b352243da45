#include "cluster/durable/data_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cluster/durable/limits.hpp"
#include "tests/unit/cluster/durable/durable_fixture.hpp"

namespace carillon::cluster::durable {
namespace {

thread_local std::vector<std::filesystem::path> synchronised;

}  // namespace
}  // namespace carillon::cluster::durable

/// In place of the C library's: notes what it is called for.
extern "C" int fsync(int fd) {
  carillon::cluster::durable::synchronised.push_back(
      std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd)));
  return static_cast<int>(::syscall(SYS_fsync, fd));
}

namespace carillon::cluster::durable {
namespace {

using testing::ElementsAre;

TEST(DataFolder, MakesTheNamesOfAllFoldersOutliveTheMachine) {
  const TemporaryFolder temporary;
  const std::filesystem::path& path = temporary.path();
  const std::filesystem::path data = path / "some" / "data";
  synchronised.clear();
  ASSERT_TRUE(DataFolder::open(data.string()).has_value());
  EXPECT_THAT(synchronised, ElementsAre(data, path / "some", path));
  synchronised.clear();
  ASSERT_TRUE(DataFolder::open(data.string()).has_value());
  EXPECT_THAT(synchronised, ElementsAre(data)) << "made before, by whom that may have failed";
  synchronised.clear();
  ASSERT_TRUE(set_history_aside(data.string()).has_value());
  EXPECT_THAT(synchronised, ElementsAre(data));
}

TEST(DataFolder, LosesNoHistoryThatWasPutAside) {
  const TemporaryFolder temporary;
  const std::string data = temporary.path().string();
  EXPECT_EQ(set_history_aside(data).value(), "") << "there is none";
  std::vector<std::filesystem::path> aside;
  for (const char* text : {"first", "second", "third"}) {
    std::filesystem::create_directory(temporary.history());
    write_file(temporary.history() / "file", text);
    aside.push_back(set_history_aside(data).value());
    EXPECT_FALSE(std::filesystem::exists(temporary.history()));
    EXPECT_EQ(read_file(aside.back() / "file"), text);
  }
  EXPECT_THAT(
      aside, ElementsAre(temporary.path() / "history.unused", temporary.path() / "history.unused.2",
                         temporary.path() / "history.unused.3"));
  EXPECT_EQ(read_file(aside.front() / "file"), "first");
}

TEST(DataFolder, PutsNoMoreAsideThanAnybodyLooksAt) {
  const TemporaryFolder temporary;
  for (int count = 0; count <= limits::kUnusedHistories; ++count) {
    std::filesystem::create_directory(temporary.history());
    const auto aside = set_history_aside(temporary.path().string());
    ASSERT_EQ(aside.has_value(), count < limits::kUnusedHistories) << count;
  }
  EXPECT_TRUE(std::filesystem::exists(temporary.history())) << "it stays";
}

}  // namespace
}  // namespace carillon::cluster::durable
