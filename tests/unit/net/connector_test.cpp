#include "net/connector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "net_support.hpp"

namespace carillon::net {
namespace {

using namespace std::chrono_literals;
using test::run_until;
using testing::HasSubstr;

/// A reactor, a connector, and what it told.
struct Caller {
  explicit Caller(ConnectOptions options = {}) : connector(reactor, options) {}

  void start(std::vector<Address> addresses) {
    connector.start(std::move(addresses), [this](Result<Connected, std::string> result) {
      ++calls;
      outcome.emplace(std::move(result));
    });
    EXPECT_EQ(calls, 0);
  }
  bool wait() {
    return run_until(reactor, [this] { return calls > 0; });
  }

  Reactor reactor;
  Connector connector;
  int calls = 0;
  std::optional<Result<Connected, std::string>> outcome;
};

ListenSet listening(Bytes text) {
  return listen_on(text, 1).value().front();
}

/// Bound and not listening: whoever calls is refused.
struct Refusing {
  Refusing() : set(listening("127.0.0.1:0")) {
    address = set.address;
    set = {};
  }
  ListenSet set;
  Address address;
};

/// An address that never answers: its accept queue is full.
struct Silent {
  Silent() : socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_storage storage{};
    const socklen_t size = resolve("127.0.0.1:0").value().front().to_socket(storage);
    auto* name = reinterpret_cast<sockaddr*>(&storage);
    EXPECT_EQ(::bind(socket.get(), name, size), 0);
    EXPECT_EQ(::listen(socket.get(), 0), 0);
    socklen_t room = sizeof storage;
    EXPECT_EQ(::getsockname(socket.get(), name, &room), 0);
    address = Address::from(name, room);
    for (int i = 0; i < 2; ++i) {
      fillers.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      static_cast<void>(::connect(fillers.back().get(), name, room));
    }
  }
  UniqueFd socket;
  std::vector<UniqueFd> fillers;
  Address address;
};

TEST(ConnectorTest, GivesASocketThatIsConnected) {
  const ListenSet server = listening("127.0.0.1:0");
  Caller caller;
  caller.start({server.address});
  EXPECT_TRUE(caller.connector.busy());
  ASSERT_TRUE(caller.wait());
  ASSERT_TRUE(caller.outcome->has_value()) << caller.outcome->error();
  EXPECT_FALSE(caller.connector.busy());
  EXPECT_EQ((*caller.outcome)->peer.to_text(), server.address.to_text());
  const int fd = (*caller.outcome)->socket.get();
  EXPECT_NE(::fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
  EXPECT_EQ(::send(fd, "x", 1, MSG_NOSIGNAL), 1);
}

TEST(ConnectorTest, ConnectsToAUnixSocket) {
  std::string folder = "/tmp/carillon_net_XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  {
    const ListenSet server = listening("unix:" + folder + "/s");
    Caller caller;
    caller.start({server.address});
    ASSERT_TRUE(caller.wait());
    ASSERT_TRUE(caller.outcome->has_value()) << caller.outcome->error();
    EXPECT_TRUE((*caller.outcome)->peer.is_unix());
    server.per_reactor.front()->remove_file();
    caller.calls = 0;
    caller.start({server.address});
    ASSERT_TRUE(caller.wait());
    EXPECT_THAT(caller.outcome->error(), HasSubstr("/s: No such file or directory"));
  }
  EXPECT_EQ(::rmdir(folder.c_str()), 0);
}

TEST(ConnectorTest, GoesOnToTheNextAddressWhenOneRefuses) {
  const Refusing first;
  const ListenSet server = listening("127.0.0.1:0");
  Caller caller({.time_limit = 1h, .head_start = 1h});
  caller.start({first.address, server.address});
  ASSERT_TRUE(caller.wait());
  EXPECT_TRUE(caller.outcome->has_value());
}

TEST(ConnectorTest, DoesNotWaitForASilentAddress) {
  const Silent first;
  const ListenSet server = listening("127.0.0.1:0");
  Caller caller({.time_limit = 1h, .head_start = 10ms});
  caller.start({first.address, server.address});
  ASSERT_TRUE(caller.wait());
  ASSERT_TRUE(caller.outcome->has_value());
  EXPECT_EQ((*caller.outcome)->peer.port(), server.address.port());
}

TEST(ConnectorTest, TellsWhatBecameOfEachAddress) {
  const Refusing first;
  const Refusing second;
  Caller caller;
  caller.start({first.address, second.address});
  ASSERT_TRUE(caller.wait());
  EXPECT_EQ(caller.outcome->error(), first.address.to_text() + ": Connection refused; " +
                                         second.address.to_text() + ": Connection refused");
  caller.calls = 0;
  caller.start({});
  ASSERT_TRUE(caller.wait());
  EXPECT_EQ(caller.outcome->error(), "there is no address to connect to");
}

TEST(ConnectorTest, GivesUpWhenTimeIsOver) {
  const Silent silent;
  Caller caller({.time_limit = 30ms, .head_start = 1h});
  caller.start({silent.address});
  ASSERT_TRUE(caller.wait());
  EXPECT_EQ(caller.outcome->error(), silent.address.to_text() + ": no answer");
}

TEST(ConnectorTest, IsQuietOnceCancelledAndCanStartAnew) {
  const ListenSet server = listening("127.0.0.1:0");
  Caller caller({.time_limit = 20ms, .head_start = 10ms});
  caller.start({server.address, server.address});
  caller.connector.cancel();
  EXPECT_FALSE(caller.connector.busy());
  bool later = false;
  caller.reactor.after(60ms, [&] { later = true; });
  ASSERT_TRUE(run_until(caller.reactor, [&] { return later; }));
  EXPECT_EQ(caller.calls, 0);
  caller.start({server.address});
  ASSERT_TRUE(caller.wait());
  EXPECT_TRUE(caller.outcome->has_value());
}

TEST(ConnectorTest, MayBeStartedAgainInItsOwnCallback) {
  const Refusing refusing;
  const ListenSet server = listening("127.0.0.1:0");
  Caller caller;
  bool connected = false;
  caller.connector.start({refusing.address}, [&](Result<Connected, std::string> first) {
    EXPECT_FALSE(first.has_value());
    caller.connector.start({server.address}, [&](Result<Connected, std::string> second) {
      connected = second.has_value();
    });
  });
  EXPECT_TRUE(run_until(caller.reactor, [&] { return connected; }));
}

TEST(ResolveHostTest, ReadsLiteralsAndTellsWhatIsNoHost) {
  EXPECT_EQ(resolve_host("::1", 8000).value().front().to_text(), "[::1]:8000");
  EXPECT_EQ(resolve_host("127.0.0.1", 80).value().front().to_text(), "127.0.0.1:80");
  EXPECT_FALSE(resolve_host("no host", 80).has_value());
}

}  // namespace
}  // namespace carillon::net
