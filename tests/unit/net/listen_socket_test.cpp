#include "net/listen_socket.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "net_support.hpp"

namespace carillon::net {
namespace {

using test::connect_to;
using testing::HasSubstr;

/// A folder of its own for the files of one test.
class ListenSocketTest : public testing::Test {
 protected:
  ListenSocketTest() {
    std::string pattern = "/tmp/carillon_net_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~ListenSocketTest() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  std::string unix_text(const std::string& name) const { return "unix:" + path(name); }

 private:
  std::string folder_;
};

TEST_F(ListenSocketTest, PortZeroBecomesARealPortForAllReactors) {
  const auto sets = listen_on("127.0.0.1:0", 3);
  ASSERT_TRUE(sets) << sets.error();
  ASSERT_EQ(sets->size(), 1U);
  const ListenSet& set = sets->front();
  EXPECT_NE(set.address.port(), 0);
  ASSERT_EQ(set.per_reactor.size(), 3U);
  for (const auto& socket : set.per_reactor) EXPECT_EQ(socket->address(), set.address);
  EXPECT_NE(set.per_reactor[0]->fd(), set.per_reactor[1]->fd());
  EXPECT_TRUE(connect_to(set.address));
}

TEST_F(ListenSocketTest, BothFamiliesGetTheSamePort) {
  const auto sets = listen_on(":0", 2);
  ASSERT_TRUE(sets) << sets.error();
  for (const ListenSet& set : *sets) EXPECT_EQ(set.address.port(), sets->front().address.port());
  EXPECT_EQ(sets->front().address.family(), Family::Ipv4);
}

TEST_F(ListenSocketTest, AnIpv6SocketTakesNoIpv4) {
  const auto sets = listen_on("[::]:0", 1);
  ASSERT_TRUE(sets) << sets.error();
  const Address any = sets->front().address;
  EXPECT_TRUE(connect_to(resolve("[::1]:" + std::to_string(any.port()))->front()));
  EXPECT_FALSE(connect_to(resolve("127.0.0.1:" + std::to_string(any.port()))->front()));
}

TEST_F(ListenSocketTest, AcceptedSocketsSendSmallSegmentsAtOnce) {
  const auto sets = listen_on("127.0.0.1:0", 1);
  const UniqueFd client = connect_to(sets->front().address);
  const UniqueFd accepted(::accept(sets->front().per_reactor[0]->fd(), nullptr, nullptr));
  int on = 0;
  socklen_t size = sizeof on;
  ASSERT_EQ(::getsockopt(accepted.get(), IPPROTO_TCP, TCP_NODELAY, &on, &size), 0);
  EXPECT_EQ(on, 1);
}

TEST_F(ListenSocketTest, AnAddressInUseIsNamedEvenWhereThePortCouldBeShared) {
  for (const std::size_t first_count : {1U, 2U}) {
    const auto first = listen_on("127.0.0.1:0", first_count);
    ASSERT_TRUE(first);
    const std::string text = first->front().address.to_text();
    for (const std::size_t second_count : {1U, 2U}) {
      const auto second = listen_on(text, second_count);
      ASSERT_FALSE(second);
      EXPECT_THAT(second.error(), HasSubstr(text));
      EXPECT_THAT(second.error(), HasSubstr("another program listens there"));
    }
  }
}

TEST_F(ListenSocketTest, AnAddressOfAnotherMachineIsNamed) {
  const auto sets = listen_on("192.0.2.1:0", 1);
  ASSERT_FALSE(sets);
  EXPECT_THAT(sets.error(), HasSubstr("192.0.2.1"));
}

TEST_F(ListenSocketTest, OneUnixSocketIsSharedByAllReactors) {
  const auto sets = listen_on(unix_text("a"), 3);
  ASSERT_TRUE(sets) << sets.error();
  const ListenSet& set = sets->front();
  ASSERT_EQ(set.per_reactor.size(), 3U);
  EXPECT_EQ(set.per_reactor[0]->fd(), set.per_reactor[2]->fd());
  EXPECT_TRUE(connect_to(set.address));
}

TEST_F(ListenSocketTest, TheFileOfAUnixSocketGoesWithTheLastHolder) {
  auto sets = listen_on(unix_text("a"), 2);
  auto held = sets->front().per_reactor[0];
  sets->clear();
  EXPECT_TRUE(std::filesystem::exists(path("a")));
  held.reset();
  EXPECT_FALSE(std::filesystem::exists(path("a")));
}

TEST_F(ListenSocketTest, ALiveUnixSocketIsNotTakenAway) {
  const auto first = listen_on(unix_text("a"), 1);
  const auto second = listen_on(unix_text("a"), 1);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error(), HasSubstr("another program listens there"));
  EXPECT_TRUE(connect_to(first->front().address));
}

TEST_F(ListenSocketTest, AStaleUnixSocketIsReplaced) {
  const Address address = resolve(unix_text("a"))->front();
  {
    sockaddr_storage storage{};
    const socklen_t size = address.to_socket(storage);
    const UniqueFd killed(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(::bind(killed.get(), reinterpret_cast<sockaddr*>(&storage), size), 0);
  }
  ASSERT_TRUE(std::filesystem::exists(path("a")));
  const auto sets = listen_on(unix_text("a"), 1);
  ASSERT_TRUE(sets) << sets.error();
  EXPECT_TRUE(connect_to(address));
}

TEST_F(ListenSocketTest, AFileThatIsNoSocketIsLeftAlone) {
  std::ofstream(path("a")) << "precious";
  EXPECT_FALSE(listen_on(unix_text("a"), 1));
  EXPECT_EQ(std::filesystem::file_size(path("a")), 8U);
}

TEST_F(ListenSocketTest, ASuccessorsFileIsNotRemoved) {
  auto first = listen_on(unix_text("a"), 1);
  std::filesystem::rename(path("a"), path("aside"));
  const auto second = listen_on(unix_text("a"), 1);
  ASSERT_TRUE(second);
  first->clear();
  EXPECT_TRUE(std::filesystem::exists(path("a")));
}

TEST_F(ListenSocketTest, TheModeOfTheFileIsWhatWasAsked) {
  const mode_t old_mask = ::umask(077);
  const auto sets = listen_on(unix_text("a"), 1, {.unix_mode = 0660});
  const auto other = listen_on(unix_text("b"), 1);
  ::umask(old_mask);
  ASSERT_TRUE(sets && other);
  struct stat file{};
  ASSERT_EQ(::stat(path("a").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0660U);
  ASSERT_EQ(::stat(path("b").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0700U);
}

TEST_F(ListenSocketTest, AMissingDirectoryIsNamed) {
  const auto sets = listen_on(unix_text("missing/a"), 1);
  ASSERT_FALSE(sets);
  EXPECT_THAT(sets.error(), HasSubstr("directory does not exist"));
}

}  // namespace
}  // namespace carillon::net
