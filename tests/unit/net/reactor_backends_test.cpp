// One script, played by a reactor over each way to send and receive: all is heard alike.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "io_backends.hpp"
#include "net/reactor.hpp"
#include "net_support.hpp"

namespace carillon::net {
namespace {

using test::Actions;
using test::Client;
using test::Heard;
using test::recording;
using test::run_until;
using test::tcp_pair;

constexpr int kSmallBuffer = 16 * 1024;
const std::string kLarge(3 * 1024 * 1024, 'L');

/// Streams in groups of this many, so that a ring is worth its while for each group.
constexpr std::size_t kGroup = 6;

/// What becomes of the streams, group by group.
enum Group : std::size_t { Echoes, EndsItsSide, Resets, ReadsSlowly, IsClosed, IsAborted, Throws };
constexpr std::size_t kGroups = Throws + 1;

class Play {
 public:
  explicit Play(IoChoice choice)
      : heard_(kGroups * kGroup),
        reactor_({.make_io_batch = [choice] { return test::make_batch(choice); }}) {
    for (std::size_t index = 0; index < heard_.size(); ++index) add(index);
  }

  void run() {
    for (Client& client : clients_) client.write("hello");
    wait([this] { return all_heard("hello"); });
    for_group(EndsItsSide, [](Client& client) { client.end_output(); });
    for_group(Resets, [](Client& client) { client.close_with_reset(); });
    for_group(ReadsSlowly, [](Client& client) { client.write("!"); });  // asks for a lot
    for_group(IsClosed, [](Client& client) { client.write("!"); });
    for_group(IsAborted, [](Client& client) { client.write("!"); });
    for_group(Throws, [](Client& client) { client.write("!"); });
    wait([this] { return reactor_.probe().congestions == kGroup; });
    wait([this] {
      read_all();
      return reactor_.stream_count() == 2 * kGroup && all_of_group_have(ReadsSlowly, kLarge.size());
    });
    for_group(Echoes, [](Client& client) { client.write("still here"); });
    wait([this] {
      read_all();
      return all_of_group_have(Echoes, std::string("hellostill here").size());
    });
  }

  /// A line per stream.
  std::vector<std::string> transcript() {
    std::vector<std::string> lines;
    for (std::size_t index = 0; index < heard_.size(); ++index) {
      const Heard& heard = heard_[index];
      const Client& client = clients_[index];
      const auto closed = heard.closed ? std::to_string(static_cast<int>(*heard.closed)) : "no";
      lines.push_back(
          "group " + std::to_string(index / kGroup) + " heard " + heard.bytes + " ends " +
          std::to_string(heard.ends) + " drains " + std::to_string(heard.drains) + " closed " +
          closed + " destroyed " + std::to_string(heard.destroyed) + "; its client got " +
          std::to_string(client.received().size()) + " octets " + client.received().substr(0, 20) +
          (client.ended() ? " ended" : "") + " error " + std::to_string(client.error()));
    }
    const Probe& probe = reactor_.probe();
    for (const std::uint64_t count : probe.streams_closed) lines.push_back(std::to_string(count));
    lines.push_back("bytes " + std::to_string(probe.bytes_sent) + " out, " +
                    std::to_string(probe.bytes_received) + " in");
    return lines;
  }

  Reactor& reactor() { return reactor_; }

 private:
  void add(std::size_t index) {
    auto pair = tcp_pair(index / kGroup == ReadsSlowly ? kSmallBuffer : 0);
    clients_.emplace_back(std::move(pair.theirs));
    handles_.push_back(Handle{});
    const auto on_bytes = [this, index](std::span<char> octets) { answer(index, octets); };
    const auto on_end = [this, index] { reactor_.find(handles_[index])->close(); };
    handles_[index] =
        reactor_.adopt(std::move(pair.ours), test::some_peer(),
                       recording(heard_[index], {.on_bytes = on_bytes, .on_end_of_input = on_end}));
  }

  void answer(std::size_t index, std::span<char> octets) {
    Stream& stream = *reactor_.find(handles_[index]);
    const std::size_t group = index / kGroup;
    if (octets[0] != '!') return stream.send(Bytes(octets.data(), octets.size()));
    if (group == ReadsSlowly) return stream.send(SharedBytes(kLarge));
    if (group == IsAborted) return stream.abort();
    if (group == Throws) throw std::runtime_error("on purpose");
    stream.send(Bytes("bye"));
    stream.close();
  }

  template <class Condition>
  void wait(Condition condition) {
    ASSERT_TRUE(run_until(reactor_, condition));
  }
  bool all_heard(const std::string& text) {
    read_all();
    for (std::size_t index = 0; index < clients_.size(); ++index) {
      if (clients_[index].received() != text) return false;
    }
    return true;
  }
  template <class Deed>
  void for_group(Group group, Deed deed) {
    for (std::size_t at = 0; at < kGroup; ++at) deed(clients_[group * kGroup + at]);
  }
  bool all_of_group_have(Group group, std::size_t size) {
    bool have = true;
    for_group(group, [&](Client& client) { have = have && client.received().size() >= size; });
    return have;
  }
  void read_all() {
    for (Client& client : clients_) {
      if (client.fd() >= 0 && !client.ended() && client.error() == 0) client.read_some();
    }
  }

  std::vector<Heard> heard_;  // outlives the reactor's last words
  std::vector<Client> clients_;
  std::vector<Handle> handles_;
  Reactor reactor_;
};

TEST(ReactorBackendsTest, BothHearAndSayTheSame) {
  Play epoll(IoChoice::Epoll);
  Play uring(IoChoice::Uring);
  epoll.run();
  uring.run();
  EXPECT_EQ(uring.transcript(), epoll.transcript());
  EXPECT_EQ(epoll.reactor().io_batch()->name(), "epoll");
  if (!test::ring_is_here()) return;
  EXPECT_EQ(uring.reactor().io_batch()->name(), "uring");
  const Probe& probe = uring.reactor().probe();
  EXPECT_LT(uring.reactor().io_batch()->system_calls(), probe.sends + probe.receives);
}

TEST(ReactorBackendsTest, AllReceivesOfATickAreOneSystemCallAndSoAreItsSends) {
  if (!test::ring_is_here()) return;
  constexpr std::size_t kSize = limits::kReceivesPerBatch;
  Heard heard;
  Reactor reactor({.make_io_batch = [] { return test::make_batch(IoChoice::Uring); }});
  std::vector<Client> clients;
  std::vector<Handle> handles;
  for (std::size_t index = 0; index < kSize; ++index) {
    auto pair = test::unix_pair();
    clients.emplace_back(std::move(pair.theirs));
    handles.push_back(reactor.adopt(
        std::move(pair.ours), {},
        recording(heard, {.on_bytes = [&reactor, &handles, index](std::span<char> octets) {
                    reactor.find(handles[index])->send(Bytes(octets.data(), octets.size()));
                  }})));
    clients.back().write("x");
  }
  reactor.run_once(std::chrono::hours(1));
  EXPECT_EQ(reactor.probe().receives, kSize);
  EXPECT_EQ(reactor.probe().sends, kSize);
  EXPECT_EQ(reactor.io_batch()->system_calls(), 2U);
}

}  // namespace
}  // namespace carillon::net
