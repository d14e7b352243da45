// The memory broker behind a log: nothing is seen by anybody before it is kept there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>

#include "cluster/durable/lane.hpp"
#include "cluster/memory_broker.hpp"
#include "core/hash.hpp"
#include "hub/broker.hpp"
#include "net/reactor.hpp"

namespace carillon::cluster::durable {

struct LaneCounts {
  std::uint64_t refused_publications = 0;  // too many were on their way to the log
  std::uint64_t refused_calls = 0;         // too many waited for them
  std::uint64_t failed_publications = 0;   // the log could not be written
  // Gauge.
  std::uint64_t pending_publications = 0;  // on their way
};

/// A publication is numbered, sent to the log, and only when that has it appended in memory, told
/// and acknowledged. Other calls on a channel wait for the publications before them, so that all
/// take effect in their order. So it is with a deletion. Lifetime: memory and lane outlive it.
/// Thread: the home's.
class JournaledBroker final : public hub::Broker, public net::EventSource {
 public:
  JournaledBroker(MemoryBroker& memory, Lane& lane) : memory_(memory), lane_(lane) {}

  void listen(hub::BrokerListener& listener) override { memory_.listen(listener); }
  void publish(hub::PublishRequest request, hub::Completion<hub::Receipt> done) override;
  void publish_ephemeral(hub::PublicationDraft draft, hub::Completion<void> done) override;
  void read(hub::ReadRequest request, hub::Completion<hub::Page> done) override;
  void subscribe(hub::ReadRequest request, hub::Completion<hub::Page> done) override;
  void unsubscribe(Bytes channel) override { memory_.unsubscribe(channel); }
  void list_channels(hub::ListRequest request, hub::Completion<hub::ChannelList> done) override {
    memory_.list_channels(std::move(request), std::move(done));
  }
  void delete_history(std::string channel, hub::Completion<Position> done) override;
  void on_time() override { memory_.on_time(); }

  /// The lane has verdicts.
  void on_ready(std::uint32_t events) override;

  const LaneCounts& counts() const { return counts_; }

 private:
  using Call = std::move_only_function<void()>;
  using Done = hub::Completion<hub::Receipt>;

  struct Publishing {
    Numbered numbered;
    Done done;
  };
  struct Deletion {
    std::string channel;
    Position position;
    hub::Completion<Position> done;
  };
  using Pending = std::variant<Publishing, Deletion>;
  enum class CallKind : std::uint8_t { Publish, Other };
  struct Waiting {
    std::uint64_t after = 0;  // publications of the channel that must be settled first
    CallKind kind = CallKind::Other;
    std::size_t bytes = 0;  // of what it would publish
    Call call;
  };
  /// What is under way in one channel, in the order of the calls.
  struct Line {
    std::uint64_t begun_count = 0;
    std::uint64_t settled_count = 0;
    std::size_t waiting_publish_count = 0;
    std::deque<Waiting> waiting;
  };

  bool must_wait(const std::string& channel, const std::optional<DedupeTicket>& ticket) const;
  /// False when too many wait; `call` is moved from only when true.
  bool wait(const std::string& channel, CallKind kind, std::size_t bytes, Call& call);
  /// Now, or in its turn; `done` hears of it where too many wait.
  template <class Value, class Run>
  void in_turn(const std::string& channel, std::size_t bytes, hub::Completion<Value> done, Run run);
  /// Writes something, now or when those before it in the channel have been begun. `submit` gets
  /// `done`, and is false when nothing has to be written: `done` has been called.
  template <class Value, class Submit>
  void begin_in_turn(const std::string& channel, const std::optional<DedupeTicket>& ticket,
                     std::size_t bytes, hub::Completion<Value> done, Submit submit);
  bool submit(hub::PublishRequest request, const std::optional<DedupeTicket>& ticket, Done& done);
  bool submit_deletion(const std::string& channel, hub::Completion<Position>& done);
  /// False, and counted, when too much is on its way to the log.
  bool has_room();
  bool send(Submission submission, const std::string& channel);
  void settle(const Verdict& verdict);
  void keep_next();
  void give_up_all();
  void keep(Publishing publishing);
  void keep(Deletion deletion);
  void release(const Publishing& publishing);
  void release(const Deletion&) {}
  static std::string channel_of(const Pending& pending);
  /// One publication of the channel; runs what waited for it.
  void on_settled(const std::string& channel);

  MemoryBroker& memory_;
  Lane& lane_;
  std::deque<Pending> pending_;
  std::size_t pending_bytes_ = 0;
  std::uint32_t attempt_ = 0;
  std::unordered_map<std::string, Line, StringHash, std::equal_to<>> lines_;
  std::unordered_set<Digest, DigestHash> pending_keys_;
  std::size_t waiting_count_ = 0;
  std::size_t waiting_bytes_ = 0;
  LaneCounts counts_;
};

}  // namespace carillon::cluster::durable
