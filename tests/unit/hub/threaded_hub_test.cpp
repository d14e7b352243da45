// Hubs on real threads: what crosses between them is seen whole, and everybody hears everything.

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "tests/unit/hub/reader.hpp"

namespace carillon::hub {
namespace {

constexpr std::size_t kReactors = 3;
constexpr int kPublications = 400;  // by each reactor, to each channel
const std::array<const char*, 3> kChannels{"a", "b", "c"};

/// One reactor's mail: a queue behind a mutex, with room for so many tasks.
struct Inbox {
  static constexpr std::size_t kCapacity = 50;
  std::mutex mutex;
  std::condition_variable filled;
  std::deque<Task> tasks;
  std::size_t reserved = 0;
};

class Post final : public Courier {
 public:
  Post(std::array<Inbox, kReactors>& inboxes, ReactorIndex own) : inboxes_(inboxes), own_(own) {}

  std::size_t reactor_count() const override { return kReactors; }
  ReactorIndex own() const override { return own_; }
  bool try_post(ReactorIndex to, Task& task) override {
    Inbox& inbox = inboxes_[to];
    const std::lock_guard lock(inbox.mutex);
    if (inbox.tasks.size() + inbox.reserved >= Inbox::kCapacity) return false;
    put(inbox, std::move(task));
    return true;
  }
  bool try_request(ReactorIndex to, Task& task) override {
    Inbox& own = inboxes_[own_];
    {
      const std::lock_guard lock(own.mutex);
      if (own.tasks.size() + own.reserved >= Inbox::kCapacity) return false;
      ++own.reserved;
    }
    if (try_post(to, task)) return true;
    const std::lock_guard lock(own.mutex);
    --own.reserved;
    return false;
  }
  void answer(ReactorIndex to, Task task) override {
    Inbox& inbox = inboxes_[to];
    const std::lock_guard lock(inbox.mutex);
    --inbox.reserved;
    put(inbox, std::move(task));
  }

 private:
  static void put(Inbox& inbox, Task task) {
    inbox.tasks.push_back(std::move(task));
    inbox.filled.notify_one();
  }

  std::array<Inbox, kReactors>& inboxes_;
  ReactorIndex own_;
};

void encode_data(const Publication& publication, std::string& out) {
  out += publication.data;
}

/// Counts the publications of one channel, whose offsets have to be 1, 2, 3, …
class Counter final : public Subscriber {
 public:
  explicit Counter(WireFormId form) : form_(form) {}

  WireFormId wire_form() const override { return form_; }
  bool congested() const override { return false; }
  void on_gap(SubscriptionId, const Position&) override { ADD_FAILURE() << "a gap"; }
  void on_delivery(const Delivery& delivery) override {
    std::string all;
    for (const PublicationPtr& publication : delivery.publications()) {
      EXPECT_EQ(publication->position.offset, ++last);
      all += publication->data;
    }
    kept = delivery.bytes();
    EXPECT_EQ(kept.view(), all);
  }

  std::uint64_t last = 0;
  SharedBytes kept;

 private:
  WireFormId form_;
};

/// A reactor's thread: publishes its share while it serves its mail, until it has heard all.
struct Worker {
  Worker(std::array<Inbox, kReactors>& inboxes, ReactorIndex index, const Peers& peers,
         const WireForms& forms, WireFormId form, const NamespaceTable& namespaces,
         const Clock& clock, cluster::SharedBudget& budget)
      : inbox(inboxes[index]),
        post(inboxes, index),
        broker({clock, namespaces, budget, probe}),
        home({post, broker, peers, namespaces, clock, probe}),
        hub({post, peers, forms, namespaces, clock, probe}),
        counters{Counter(form), Counter(form), Counter(form)} {}

  bool has_heard_all() const {
    return std::ranges::all_of(
        counters, [](const Counter& counter) { return counter.last == kPublications * kReactors; });
  }
  void publish_next() {
    for (const char* channel : kChannels) {
      hub.publish({.draft = draft(channel, std::to_string(published)), .dedupe = {}},
                  [this, channel = std::string(channel)](auto receipt) {
                    if (!receipt) again.push_back(channel);
                  });
    }
    ++published;
  }
  void publish_again() {
    for (const std::string& channel : std::exchange(again, {})) {
      hub.publish({.draft = draft(channel, "again"), .dedupe = {}}, [this, channel](auto receipt) {
        if (!receipt) again.push_back(channel);
      });
    }
  }
  void serve() {
    std::deque<Task> tasks;
    {
      std::unique_lock lock(inbox.mutex);
      inbox.filled.wait_for(lock, std::chrono::microseconds(50),
                            [&] { return !inbox.tasks.empty(); });
      tasks = std::exchange(inbox.tasks, {});
    }
    for (Task& task : tasks) task();
  }
  void run(std::atomic<std::size_t>& joined, std::atomic<std::size_t>& finished) {
    for (std::size_t index = 0; index < kChannels.size(); ++index) {
      hub.subscribe(counters[index], {.channel = kChannels[index], .start = Live{}},
                    [&](auto result) {
                      EXPECT_TRUE(result.has_value());
                      ++joined;
                    });
    }
    bool was_finished = false;
    while (finished < kReactors) {
      serve();
      if (joined == kReactors * kChannels.size()) {
        if (published < kPublications) publish_next();
        publish_again();
      }
      while (hub.deliver()) {
      }
      hub.on_time();
      if (!std::exchange(was_finished, was_finished || has_heard_all()) && has_heard_all()) {
        ++finished;
      }
    }
  }

  Inbox& inbox;
  Post post;
  Probe probe;
  cluster::MemoryBroker broker;
  Home home;
  Hub hub;
  std::array<Counter, 3> counters;
  std::vector<std::string> again;
  int published = 0;
};

class StandingClock final : public Clock {
 public:
  Timestamp now() const override { return {1'700'000'000'000'000}; }
};

TEST(ThreadedHub, EverySubscriberOfEveryReactorHearsEveryPublicationInOrder) {
  std::array<Inbox, kReactors> inboxes;
  Peers peers;
  WireForms forms;
  const WireFormId form = forms.add("data", encode_data);
  const NamespaceTable namespaces({.history_count = 100'000, .history_bytes = 1'000'000'000});
  const StandingClock clock;
  cluster::SharedBudget budget;
  std::vector<std::unique_ptr<Worker>> workers;
  for (ReactorIndex index = 0; index < kReactors; ++index) {
    workers.push_back(
        std::make_unique<Worker>(inboxes, index, peers, forms, form, namespaces, clock, budget));
    peers.hubs.push_back(&workers.back()->hub);
    peers.homes.push_back(&workers.back()->home);
  }
  std::atomic<std::size_t> joined{0};
  std::atomic<std::size_t> finished{0};
  {
    std::vector<std::jthread> threads;
    for (const auto& worker : workers) {
      threads.emplace_back([&] { worker->run(joined, finished); });
    }
  }
  for (Inbox& inbox : inboxes) inbox.tasks.clear();
  for (const auto& worker : workers) EXPECT_TRUE(worker->has_heard_all());
}

}  // namespace
}  // namespace carillon::hub
