#include "cluster/durable/data_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

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
  ASSERT_TRUE(set_history_aside(data.string()).value());
  EXPECT_THAT(synchronised, ElementsAre(data));
}

}  // namespace
}  // namespace carillon::cluster::durable
