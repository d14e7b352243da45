#include "net/reactor_pool.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <functional>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

#include "net/listener.hpp"
#include "net_support.hpp"

namespace carillon::net {
namespace {

using namespace std::chrono_literals;
using test::Client;
using test::connect_to;
using test::kPatience;

/// Asks on the reactor's own thread and waits for the answer.
template <class Ask>
auto ask(Reactor& reactor, Ask question) {
  using Answer = decltype(question());
  std::atomic<bool> answered{false};
  Answer answer{};
  const bool posted = reactor.post([&] {
    answer = question();
    answered = true;
    answered.notify_one();
  });
  EXPECT_TRUE(posted);
  if (posted) answered.wait(false);
  return answer;
}

template <class Condition>
bool wait_until(Condition condition) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

TEST(ReactorPoolTest, EachReactorRunsOnAThreadOfItsOwn) {
  ReactorPool pool(3);
  pool.start();
  std::vector<std::thread::id> threads;
  for (std::size_t index = 0; index < pool.size(); ++index) {
    EXPECT_EQ(pool.reactor(index).index(), index);
    threads.push_back(ask(pool.reactor(index), [] { return std::this_thread::get_id(); }));
  }
  EXPECT_NE(threads[0], threads[1]);
  EXPECT_NE(threads[1], threads[2]);
  EXPECT_NE(threads[0], std::this_thread::get_id());
}

TEST(ReactorPoolTest, APoolThatNeverStartsGoesQuietly) {
  ReactorPool pool(2);
}

/// A ball that goes from reactor to reactor: each hop finds its receiver asleep, so one lost
/// wake-up ends the game.
TEST(ReactorPoolTest, ASleepingReactorIsAlwaysWoken) {
  constexpr int kHops = 100'000;
  for (const std::size_t size : {1U, 2U, 4U}) {
    ReactorPool pool(size);
    std::atomic<bool> done{false};
    struct Ball {
      ReactorPool& pool;
      std::atomic<bool>& done;
      int hops = 0;
      void arrive(std::size_t at) {
        if (++hops == kHops) {
          done = true;
          done.notify_one();
          return;
        }
        const std::size_t next = (at + 1) % pool.size();
        Task task = [this, next] { arrive(next); };
        EXPECT_TRUE(pool.reactor(at).mailbox_to(next).try_send(task));
      }
    };
    Ball ball{pool, done};
    pool.start();
    ASSERT_TRUE(pool.reactor(0).post([&] { ball.arrive(0); }));
    EXPECT_TRUE(wait_until([&] { return done.load(); }));
    pool.stop();
    pool.join();
  }
}

/// Every reactor asks every other as fast as its mailboxes allow, and sends plain letters between.
class Exchange final : public TickHook {
 public:
  Exchange(ReactorPool& pool, std::size_t self, std::uint64_t requests,
           std::vector<std::unique_ptr<Exchange>>& all, std::atomic<std::size_t>& finished)
      : pool_(pool),
        reactor_(pool.reactor(self)),
        self_(self),
        requests_(requests),
        all_(all),
        finished_(finished),
        asked_(pool.size()),
        received_(pool.size()) {
    reactor_.add_tick_hook(*this);
  }

  bool on_tick_end() override {
    bool more = false;
    for (std::size_t peer = 0; peer < pool_.size(); ++peer) {
      while (asked_[peer] < requests_ && ask(peer)) ++asked_[peer];
      more = more || asked_[peer] < requests_;
    }
    return more;
  }

  std::uint64_t answered() const { return answered_; }
  std::uint64_t refused() const { return refused_; }
  bool in_order() const { return in_order_; }

 private:
  bool ask(std::size_t peer) {
    if (!reactor_.mailbox_from(peer).try_reserve()) return refuse();
    Task request = [other = all_[peer].get(), from = self_, number = asked_[peer]] {
      other->handle(from, number);
    };
    if (reactor_.mailbox_to(peer).try_send(request)) return true;
    reactor_.mailbox_from(peer).release_reservation();
    return refuse();
  }

  bool refuse() {
    ++refused_;
    return false;
  }

  void handle(std::size_t from, std::uint64_t number) {
    in_order_ = in_order_ && number == received_[from]++;
    reactor_.mailbox_to(from).send_reserved([asker = all_[from].get()] { asker->hear(); });
  }

  void hear() {
    if (++answered_ == requests_ * pool_.size()) ++finished_;
  }

  ReactorPool& pool_;
  Reactor& reactor_;
  std::size_t self_;
  std::uint64_t requests_;
  std::vector<std::unique_ptr<Exchange>>& all_;
  std::atomic<std::size_t>& finished_;
  std::vector<std::uint64_t> asked_;
  std::vector<std::uint64_t> received_;
  std::uint64_t answered_ = 0;
  std::uint64_t refused_ = 0;
  bool in_order_ = true;
};

TEST(ReactorPoolTest, RequestsBetweenAllReactorsAreAllAnsweredInOrder) {
  for (const std::size_t size : {2U, 3U, 4U}) {
    const std::uint64_t requests = 1'000'000 / (size * size);
    ReactorPool pool(size);
    std::vector<std::unique_ptr<Exchange>> all;
    std::atomic<std::size_t> finished{0};
    for (std::size_t index = 0; index < size; ++index) {
      all.push_back(std::make_unique<Exchange>(pool, index, requests, all, finished));
    }
    pool.start();
    for (std::size_t index = 0; index < size; ++index) pool.reactor(index).post([] {});  // wake it
    EXPECT_TRUE(wait_until([&] { return finished.load() == size; }));
    pool.stop();
    pool.join();
    std::uint64_t refused = 0;
    for (const auto& each : all) {
      EXPECT_EQ(each->answered(), requests * size);
      EXPECT_TRUE(each->in_order());
      refused += each->refused();
    }
    EXPECT_GT(refused, 0U) << "the mailboxes were never full: not much of a test";
  }
}

TEST(ReactorPoolTest, LettersUnreadAtTheEndAreDestroyed) {
  auto owned = std::make_shared<int>(0);
  {
    ReactorPool pool(2);
    pool.start();
    ask(pool.reactor(0), [&] {
      pool.reactor(1).stop();
      for (int index = 0; index < 100; ++index) {
        Task task = [owned] {};
        if (!pool.reactor(0).mailbox_to(1).try_send(task)) break;
      }
      return true;
    });
  }
  EXPECT_EQ(owned.use_count(), 1);
}

// --- Connections --------------------------------------------------------------------------------

/// Sends back what it gets and goes when the peer does.
class EchoHandler final : public StreamHandler {
 public:
  explicit EchoHandler(Stream& stream) : stream_(stream) {}
  void on_bytes(std::span<char> received) override {
    stream_.send(Bytes(received.data(), received.size()));
  }
  void on_end_of_input() override { stream_.close(); }
  void on_drained() override {}
  void on_deadline() override {}
  void on_closed(CloseCause /*cause*/) override {}

 private:
  Stream& stream_;
};

/// A pool that echoes on one address.
class EchoServer {
 public:
  explicit EchoServer(std::size_t reactors, bool one_listener = false)
      : pool_(reactors), factory_(std::make_shared<const HandlerFactory>([](Stream& stream) {
          return std::make_unique<EchoHandler>(stream);
        })) {
    ListenSet set = std::move(listen_on("127.0.0.1:0", one_listener ? 1 : reactors)->front());
    address_ = set.address;
    for (std::size_t index = 0; index < set.per_reactor.size(); ++index) {
      listeners_.push_back(std::make_unique<Listener>(
          pool_.reactor(index), set.per_reactor[index],
          [this](Reactor& reactor, UniqueFd&& socket, const PeerAddress& peer) {
            pool_.place(reactor, std::move(socket), peer, factory_);
            return Reception::Taken;
          }));
    }
    pool_.start();
  }
  ~EchoServer() {
    pool_.stop();
    pool_.join();
  }

  ReactorPool& pool() { return pool_; }
  const Address& address() const { return address_; }
  std::size_t connections() {
    std::size_t sum = 0;
    for (std::size_t index = 0; index < pool_.size(); ++index) {
      sum += ask(pool_.reactor(index), [&] { return pool_.reactor(index).stream_count(); });
    }
    return sum;
  }

 private:
  ReactorPool pool_;
  std::shared_ptr<const HandlerFactory> factory_;
  Address address_;
  std::vector<std::unique_ptr<Listener>> listeners_;
};

bool echoes(Client& client, const std::string& text) {
  const std::size_t before = client.received().size();
  client.write(text);
  return wait_until([&] {
           client.read_some();
           return client.received().size() == before + text.size() || client.ended();
         }) &&
         client.received().ends_with(text);
}

TEST(ReactorPoolTest, ConnectionsAreServedByAllReactors) {
  EchoServer server(3);
  std::vector<Client> clients;
  for (int index = 0; index < 60; ++index) clients.emplace_back(connect_to(server.address()));
  for (Client& client : clients) EXPECT_TRUE(echoes(client, "hello"));
  EXPECT_EQ(server.connections(), 60U);
}

TEST(ReactorPoolTest, AReactorThatAcceptsAllHandsOverUntilTheLoadIsEven) {
  EchoServer server(3, true);
  std::vector<Client> clients;
  for (int index = 0; index < 300; ++index) {
    clients.emplace_back(connect_to(server.address()));
    ASSERT_TRUE(echoes(clients.back(), "x"));
  }
  for (std::size_t index = 0; index < 3; ++index) {
    const std::size_t count = ask(server.pool().reactor(index),
                                  [&] { return server.pool().reactor(index).stream_count(); });
    EXPECT_GE(count, 60U) << index;
    EXPECT_EQ(server.pool().connection_count(index), count);
  }
}

std::size_t resident_bytes() {
  std::size_t total = 0;
  std::size_t resident = 0;
  FILE* file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr || std::fscanf(file, "%zu %zu", &total, &resident) != 2) resident = 0;
  if (file != nullptr) std::fclose(file);
  return resident * 4096;
}

TEST(ReactorPoolTest, TenThousandConnectionsComeAndGoAndTheirMemoryIsReused) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  constexpr std::size_t kPerRound = 2'500;  // both ends are ours: 5,000 descriptors
  EchoServer server(2);
  std::size_t after_first_round = 0;
  for (int round = 0; round < 4; ++round) {
    {
      std::vector<Client> clients;
      for (std::size_t index = 0; index < kPerRound; ++index) {
        clients.emplace_back(connect_to(server.address()));
        ASSERT_GE(clients.back().fd(), 0);
      }
      for (Client& client : clients) ASSERT_TRUE(echoes(client, "ping"));
      EXPECT_EQ(server.connections(), kPerRound);
    }
    ASSERT_TRUE(wait_until([&] { return server.connections() == 0; }));
    if (round == 0) after_first_round = resident_bytes();
  }
  // Sanitizers keep freed memory in quarantine; only then does more than a page or two stay.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(resident_bytes(), after_first_round + 1024 * 1024);
#else
  EXPECT_GT(after_first_round, 0U);
#endif
}

}  // namespace
}  // namespace carillon::net
