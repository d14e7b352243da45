#include "net/receiver.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "net_support.hpp"

namespace carillon::net {
namespace {

using namespace std::chrono_literals;
using test::Client;
using test::Heard;
using test::recording;
using test::unix_pair;

/// More readable streams than one batch takes; each handler does the same to all of them.
struct ReadableCrowd {
  explicit ReadableCrowd(std::function<void(Stream&)> deed) {
    for (std::size_t index = 0; index < limits::kReceivesPerBatch + 10; ++index) {
      auto pair = unix_pair();
      clients.emplace_back(std::move(pair.theirs));
      handles.push_back(reactor.adopt(
          std::move(pair.ours), {},
          recording(heard, {.on_bytes = [this, deed](std::span<char>) { do_to_all(deed); }})));
      clients.back().write("x");
    }
  }

  void do_to_all(const std::function<void(Stream&)>& deed) {
    for (const Handle handle : handles) {
      if (Stream* stream = reactor.find(handle)) deed(*stream);
    }
  }

  Heard heard;
  Reactor reactor;
  std::vector<Client> clients;
  std::vector<Handle> handles;
};

TEST(ReceiverTest, AllBatchesOfATickAreRead) {
  ReadableCrowd crowd([](Stream&) {});
  crowd.reactor.run_once(1h);
  EXPECT_EQ(crowd.heard.bytes.size(), crowd.handles.size());
}

TEST(ReceiverTest, StreamsPausedByAHandlerAreNotReadInALaterBatch) {
  ReadableCrowd crowd([](Stream& stream) { stream.pause_reading(); });
  crowd.reactor.run_once(1h);
  EXPECT_EQ(crowd.heard.bytes.size(), limits::kReceivesPerBatch);
  crowd.do_to_all([](Stream& stream) { stream.resume_reading(); });
  EXPECT_TRUE(test::run_until(crowd.reactor,
                              [&] { return crowd.heard.bytes.size() == crowd.handles.size(); }));
}

TEST(ReceiverTest, StreamsEndedByAHandlerAreNotReadAtAll) {
  ReadableCrowd crowd([](Stream& stream) { stream.abort(); });
  crowd.reactor.run_once(1h);
  EXPECT_EQ(crowd.heard.calls_with_bytes, 1);
  EXPECT_EQ(crowd.reactor.stream_count(), 0U);
}

}  // namespace
}  // namespace carillon::net
