#include "net/listener.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vector>

#include "core/log.hpp"
#include "net_support.hpp"

namespace carillon::net {
namespace {

using namespace std::chrono_literals;
using test::Client;
using test::connect_to;
using test::run_until;

constexpr const char* kRefusal = "HTTP/1.1 503 Service Unavailable\r\n\r\n";

/// A reactor that accepts on one address and keeps what it gets.
struct Server {
  explicit Server(Bytes text, ReactorOptions options = {})
      : reactor(std::move(options)), sets(listen_on(text, 1).value()) {
    listener = std::make_unique<Listener>(
        reactor, sets.front().per_reactor.front(),
        [this](Reactor&, UniqueFd&& socket, const PeerAddress& peer) {
          if (accepted.size() == most) return Reception::Full;
          peers.push_back(peer);
          accepted.push_back(std::move(socket));
          return Reception::Taken;
        },
        ListenerOptions{.refusal = kRefusal});
    address = sets.front().address;
    sets.clear();
  }

  Reactor reactor;
  std::vector<ListenSet> sets;
  Address address;
  std::size_t most = 10'000;
  std::vector<UniqueFd> accepted;
  std::vector<PeerAddress> peers;
  std::unique_ptr<Listener> listener;
};

TEST(ListenerTest, AcceptsOverIpv4AndTellsThePeer) {
  Server server("127.0.0.1:0");
  const UniqueFd client = connect_to(server.address);
  ASSERT_TRUE(run_until(server.reactor, [&] { return server.accepted.size() == 1; }));
  EXPECT_EQ(server.peers[0].ip_text(), "127.0.0.1");
  EXPECT_NE(server.peers[0].port(), 0);
  EXPECT_EQ(server.reactor.probe().connections_accepted, 1U);
}

TEST(ListenerTest, TellsThoseForWhomThereIsNoRoom) {
  Server server("127.0.0.1:0");
  server.most = 1;
  Client first(connect_to(server.address));
  Client second(connect_to(server.address));
  ASSERT_TRUE(run_until(server.reactor, [&] {
    first.read_some();
    second.read_some();
    return first.ended() || second.ended();
  }));
  EXPECT_EQ(first.received() + second.received(), kRefusal);
  EXPECT_EQ(server.reactor.probe().connections_accepted, 1U);
  EXPECT_EQ(server.reactor.probe().full_refusals, 1U);
}

TEST(ListenerTest, AcceptsOverIpv6) {
  Server server("[::1]:0");
  const UniqueFd client = connect_to(server.address);
  ASSERT_TRUE(run_until(server.reactor, [&] { return server.accepted.size() == 1; }));
  EXPECT_EQ(server.peers[0].ip_text(), "::1");
}

TEST(ListenerTest, AcceptsOverAUnixSocketAndRemovesItsFile) {
  std::string folder = "/tmp/carillon_net_XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::string path = folder + "/s";
  {
    Server server("unix:" + path);
    const UniqueFd client = connect_to(server.address);
    ASSERT_TRUE(run_until(server.reactor, [&] { return server.accepted.size() == 1; }));
    EXPECT_TRUE(server.peers[0].is_unix());
    const UniqueFd waiting = connect_to(server.address);
    server.listener->stop_accepting();
    EXPECT_EQ(server.accepted.size(), 2U);
    EXPECT_NE(::access(path.c_str(), F_OK), 0);
  }
  EXPECT_EQ(::rmdir(folder.c_str()), 0);
}

TEST(ListenerTest, AConnectionStormIsTakenInPortions) {
  Server server("127.0.0.1:0");
  std::vector<UniqueFd> clients;
  const std::size_t count = limits::kAcceptsPerTick + 10;
  for (std::size_t index = 0; index < count; ++index) clients.push_back(connect_to(server.address));
  server.reactor.run_once(1h);
  EXPECT_EQ(server.accepted.size(), limits::kAcceptsPerTick);
  server.reactor.run_once(1h);
  EXPECT_EQ(server.accepted.size(), count);
}

TEST(ListenerTest, StoppingTakesWhatWaitsAndRefusesTheRest) {
  Server server("127.0.0.1:0");
  std::vector<UniqueFd> clients;
  for (int index = 0; index < 200; ++index) clients.push_back(connect_to(server.address));
  server.listener->stop_accepting();
  server.listener->stop_accepting();
  EXPECT_EQ(server.accepted.size(), 200U);
  EXPECT_FALSE(server.listener->accepting());
  EXPECT_FALSE(connect_to(server.address));
}

TEST(ListenerTest, AConnectionThatBreaksInTheQueueHarmsNobody) {
  Server server("127.0.0.1:0");
  for (int index = 0; index < 5; ++index) Client(connect_to(server.address)).close_with_reset();
  const UniqueFd client = connect_to(server.address);
  ASSERT_TRUE(run_until(server.reactor, [&] { return server.accepted.size() >= 6; }));
}

// --- Out of descriptors -------------------------------------------------------------------------

constexpr int kStandardDescriptors = 3;

/// So that the numbers in use have no holes: the limit is one on numbers.
void close_inherited() {
  for (int fd = kStandardDescriptors; fd < 1024; ++fd) ::close(fd);
}

int next_descriptor() {
  return UniqueFd(::dup(0)).get();
}

void limit_descriptors(int limit) {
  const rlimit limits{.rlim_cur = static_cast<rlim_t>(limit), .rlim_max = 1024};
  ::setrlimit(RLIMIT_NOFILE, &limits);
}

#define REQUIRE(condition) \
  if (!(condition)) return __LINE__

/// In a process of its own, because the limit is the process's. Returns 0 or the failing line (the
/// lower 8 bits of it, which is what a process can say).
int serve_without_descriptors() {
  Server server("127.0.0.1:0");
  std::vector<Client> clients;
  clients.emplace_back(connect_to(server.address));
  // UBSan needs descriptors of its own when it sees a type for the first time: show it all here.
  log::info("{}: {} descriptors are free from here on", server.address.to_text(), 3);
  bool shown = false;
  server.reactor.after(0ms, [&] { shown = true; });
  REQUIRE(run_until(server.reactor, [&] { return shown && server.accepted.size() == 1; }));
  for (int index = 0; index < 8; ++index) clients.emplace_back(connect_to(server.address));
  limit_descriptors(next_descriptor() + 3);

  const auto& probe = server.reactor.probe();
  REQUIRE(run_until(server.reactor, [&] { return probe.descriptor_refusals == 5; }));
  REQUIRE(server.accepted.size() == 4);
  for (std::size_t index = 4; index < clients.size(); ++index) {
    REQUIRE(run_until(server.reactor, [&] {
      clients[index].read_some();
      return clients[index].ended() || clients[index].error() != 0;
    }));
    REQUIRE(clients[index].received() == kRefusal);
  }
  // Nothing waits: the listener must let the reactor sleep.
  bool fired = false;
  server.reactor.after(50ms, [&] { fired = true; });
  int ticks = 0;
  for (; !fired && ticks < 100; ++ticks) server.reactor.run_once(1h);
  REQUIRE(ticks < 10);
  // A descriptor is given back: the next one is served.
  clients.erase(clients.begin() + 4, clients.end());
  clients.emplace_back(connect_to(server.address));
  REQUIRE(run_until(server.reactor, [&] { return server.accepted.size() == 5; }));
  return 0;
}

/// Somebody else has taken the spare's place: no accept works at all for a while.
int rest_without_spare() {
  Server server("127.0.0.1:0");
  std::vector<Client> clients;
  for (int index = 0; index < 2; ++index) clients.emplace_back(connect_to(server.address));
  limit_descriptors(kStandardDescriptors);
  server.reactor.run_once(1h);
  REQUIRE(server.accepted.empty());
  const auto ticks_before = server.reactor.now();
  int ticks = 0;
  while (server.reactor.now() - ticks_before < 300ms && ticks < 1000) {
    server.reactor.run_once(1h);
    ++ticks;
  }
  REQUIRE(ticks < 100);  // it rested in between
  limit_descriptors(1024);
  REQUIRE(run_until(server.reactor, [&] { return server.accepted.size() == 2; }));
  return 0;
}

int result_in_child(int (*run)()) {
  const pid_t child = ::fork();
  if (child == 0) {
    close_inherited();
    ::_exit(run());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(ListenerTest, WithoutDescriptorsItRefusesPolitelyAndKeepsServing) {
  EXPECT_EQ(result_in_child(serve_without_descriptors), 0);
}

TEST(ListenerTest, WithoutEvenTheSpareItRestsAndRecovers) {
  EXPECT_EQ(result_in_child(rest_without_spare), 0);
}

}  // namespace
}  // namespace carillon::net
