// Several reactors' hubs with their homes and brokers in one thread, moved by hand.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cluster/memory_broker.hpp"
#include "hub/home.hpp"
#include "hub/hub.hpp"
#include "tests/unit/hub/mail_room.hpp"
#include "tests/unit/hub/slow_broker.hpp"

namespace carillon::hub {

class ManualClock final : public Clock {
 public:
  Timestamp now() const override { return time; }
  void advance(std::chrono::microseconds by) { time.microseconds += by.count(); }

  Timestamp time{1'700'000'000'000'000};
};

inline void encode_plain(const Publication& publication, std::string& out) {
  out.append(publication.data).push_back('\n');
}
inline void encode_framed(const Publication& publication, std::string& out) {
  out.append("<").append(to_text(publication.position)).append(" ");
  out.append(publication.data).append(">");
}

struct TownOptions {
  std::size_t reactors = 1;
  std::size_t mailbox_capacity = 1'000;
  NamespaceTable namespaces = NamespaceTable{};
  cluster::BudgetLimits budget = {};
  std::uint32_t seed = 1;
};

class Town {
 public:
  explicit Town(TownOptions options = {})
      : mail(options.reactors, options.mailbox_capacity),
        budget(options.budget),
        namespaces_(std::move(options.namespaces)) {
    plain = forms.add("plain", encode_plain);
    framed = forms.add("framed", encode_framed);
    for (ReactorIndex index = 0; index < options.reactors; ++index) {
      reactors_.push_back(std::make_unique<Reactor>(
          *this, index, options.seed + static_cast<std::uint32_t>(index)));
      peers_.hubs.push_back(&reactors_.back()->hub);
      peers_.homes.push_back(&reactors_.back()->home);
    }
  }

  Hub& hub(ReactorIndex index) { return reactors_[index]->hub; }
  SlowBroker& broker(ReactorIndex index) { return reactors_[index]->broker; }
  const HubCounts& counts(ReactorIndex index) { return reactors_[index]->probe.counts(); }
  const Probe& probe(ReactorIndex index) { return reactors_[index]->probe; }
  std::size_t size() const { return reactors_.size(); }
  ReactorIndex home_of(Bytes channel) const { return hub::home_of(channel, size()); }

  /// Until nobody has anything more to do at this moment.
  void settle() {
    for (bool more = true; std::exchange(more, false);) {
      more = mail.run_all() || more;
      for (const auto& reactor : reactors_) {
        while (reactor->broker.run_one()) more = true;
        more = reactor->hub.deliver() || more;
      }
      more = more || !mail.is_empty();
    }
  }
  /// Time passes in steps as on a reactor.
  void wait(std::chrono::milliseconds time) {
    for (; time.count() > 0; time -= limits::kTimeStep) {
      clock.advance(limits::kTimeStep);
      for (const auto& reactor : reactors_) reactor->hub.on_time();
      settle();
    }
  }

  /// What the log itself says, past the hub.
  Page log(const std::string& channel, ReadStart start = Latest{}) {
    std::optional<Page> page;
    broker(home_of(channel))
        .real()
        .read({.channel = channel, .start = start, .limit = 1'000'000},
              [&](auto result) { page = std::move(result).value(); });
    return std::move(page).value();
  }

  MailRoom mail;
  ManualClock clock;
  cluster::SharedBudget budget;
  WireForms forms;
  WireFormId plain;
  WireFormId framed;

 private:
  struct Reactor {
    Reactor(Town& town, ReactorIndex index, std::uint32_t seed)
        : broker(std::make_unique<cluster::MemoryBroker>(
                     cluster::MemoryBrokerParts{town.clock, town.namespaces_, town.budget, probe}),
                 seed),
          home(
              {town.mail.courier(index), broker, town.peers_, town.namespaces_, town.clock, probe}),
          hub({town.mail.courier(index), town.peers_, town.forms, town.namespaces_, town.clock,
               probe}) {}

    Probe probe;
    SlowBroker broker;
    Home home;
    Hub hub;
  };

  NamespaceTable namespaces_;
  Peers peers_;
  std::vector<std::unique_ptr<Reactor>> reactors_;
};

/// A draft of JSON data from nobody.
inline PublicationDraft draft(std::string channel, std::string data, ClientId client = {},
                              std::string key = {}) {
  return {.channel = std::move(channel),
          .data = std::move(data),
          .data_kind = DataKind::Json,
          .publisher = {.user = {}, .client = client},
          .key = std::move(key)};
}

/// Publishes and does not look at the answer.
inline void publish(Hub& hub, PublicationDraft draft) {
  hub.publish({.draft = std::move(draft), .dedupe = {}}, [](auto) {});
}

}  // namespace carillon::hub
