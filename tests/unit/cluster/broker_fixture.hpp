// A memory broker with a clock that stands still, and a listener that writes down what it hears.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cluster/memory_broker.hpp"

namespace carillon::cluster {

class ManualClock final : public hub::Clock {
 public:
  Timestamp now() const override { return time; }
  void advance(std::chrono::microseconds by) { time.microseconds += by.count(); }

  Timestamp time{1'700'000'000'000'000};
};

class Ear final : public hub::BrokerListener {
 public:
  void on_publication(const hub::PublicationPtr& publication) override {
    heard.push_back(publication);
  }
  std::vector<hub::PublicationPtr> heard;
};

/// Calls of the asynchronous interface as plain functions: the memory broker completes at once.
class Node {
 public:
  explicit Node(hub::NamespaceSettings settings = {}, BudgetLimits limits = {})
      : own_budget_(std::make_unique<SharedBudget>(limits)),
        budget(*own_budget_),
        clock(own_clock_),
        table_(settings),
        broker({clock, table_, budget, probe}) {
    broker.listen(ear);
  }
  /// A second reactor of the same process.
  Node(Node& sibling, hub::NamespaceSettings settings)
      : budget(sibling.budget),
        clock(sibling.clock),
        table_(settings),
        broker({clock, table_, budget, probe}) {
    broker.listen(ear);
  }

  using Published = Result<hub::Receipt, hub::BrokerError>;

  Published publish(hub::PublishRequest request) {
    std::optional<Published> answer;
    broker.publish(std::move(request), [&](Published result) { answer = std::move(result); });
    return answer.value();
  }
  Published publish(const std::string& channel, const std::string& data) {
    return publish(
        {.draft = {.channel = channel, .data = data, .publisher = {}, .key = {}}, .dedupe = {}});
  }
  Published publish_once(const std::string& channel, const std::string& data,
                         const std::string& scope, const std::string& key) {
    return publish({.draft = {.channel = channel, .data = data, .publisher = {}, .key = {}},
                    .dedupe = {.scope = scope, .key = key}});
  }
  hub::Page read(const std::string& channel, hub::ReadStart start = hub::Latest{},
                 std::size_t limit = 1'000) {
    std::optional<Result<hub::Page, hub::BrokerError>> answer;
    broker.read({.channel = channel, .start = start, .limit = limit},
                [&](auto result) { answer = std::move(result); });
    return answer.value().value();
  }
  hub::Page subscribe(const std::string& channel, hub::ReadStart start = hub::Latest{},
                      std::size_t limit = 0) {
    std::optional<Result<hub::Page, hub::BrokerError>> answer;
    broker.subscribe({.channel = channel, .start = start, .limit = limit},
                     [&](auto result) { answer = std::move(result); });
    return answer.value().value();
  }
  hub::ChannelList list(hub::ListRequest request = {}) {
    std::optional<Result<hub::ChannelList, hub::BrokerError>> answer;
    broker.list_channels(std::move(request), [&](auto result) { answer = std::move(result); });
    return answer.value().value();
  }
  /// Time passes, and the broker gets enough of it to look at everything.
  void wait(std::chrono::microseconds time) {
    clock.advance(time);
    for (int step = 0; step < 100; ++step) broker.on_time();
  }
  const hub::HubCounts& counts() const { return probe.counts(); }

 private:
  std::unique_ptr<SharedBudget> own_budget_;
  ManualClock own_clock_;

 public:
  SharedBudget& budget;
  ManualClock& clock;
  hub::Probe probe;
  Ear ear;

 private:
  hub::NamespaceTable table_;

 public:
  MemoryBroker broker;
};

inline std::vector<std::string> data_of(const hub::Page& page) {
  std::vector<std::string> data;
  for (const hub::PublicationPtr& publication : page.publications) {
    data.push_back(publication->data);
  }
  return data;
}

}  // namespace carillon::cluster
