// All channels that one reactor hears, and the subscriptions in them.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/hash.hpp"
#include "hub/batch.hpp"
#include "hub/handover.hpp"
#include "hub/home_line.hpp"
#include "hub/local_channel.hpp"
#include "hub/member_list.hpp"
#include "hub/subscription.hpp"
#include "hub/wire_form.hpp"

namespace carillon::hub {

struct LocalChannelsParts {
  HomeLine& line;
  const WireForms& wire_forms;
  const NamespaceTable& namespaces;
  const Clock& clock;
  Probe& probe;
};

/// Does for `Hub` what concerns subscriptions; see there.
/// Lifetime: the parts outlive it; it outlives the last task.
/// Thread:   its reactor's.
class LocalChannels {
 public:
  explicit LocalChannels(const LocalChannelsParts& parts);
  LocalChannels(const LocalChannels&) = delete;
  LocalChannels& operator=(const LocalChannels&) = delete;

  SubscriptionId subscribe(Subscriber& subscriber, SubscribeRequest request,
                           SubscribeCallback callback);
  void unsubscribe(SubscriptionId id);
  void set_hearing(SubscriptionId id, Hearing hearing);
  void on_drained(SubscriptionId id) { handover_.drain(id); }

  void on_publication(const PublicationPtr& publication);
  void on_missed(const std::vector<MissedChannel>& missed);

  bool deliver(std::size_t budget);
  std::optional<std::chrono::microseconds> next_flush() const;
  void on_time();

  ChannelList list(const ListRequest& request) const;
  std::size_t subscription_count() const { return places_.size(); }

 private:
  struct Idle {
    Handle channel;
    Timestamp since;
  };

  LocalChannel* find(Bytes channel);
  LocalChannel& ensure(const std::string& channel);
  Member* find_member(SubscriptionId id);

  void join_here(SubscriptionId id, Subscribed answer);
  void ask_home(SubscriptionId id, ReadRequest request);
  void on_join_answer(SubscriptionId id, Result<Page, BrokerError> answer);
  void finish_join(SubscriptionId id);
  void fail_join(SubscriptionId id, BrokerError error);
  void remove_member(SubscriptionId id);

  void note(LocalChannel& channel);
  void release_held();
  void start_reads();
  void read_log(LocalChannel& channel);
  void on_log(Handle channel, Result<Page, BrokerError> answer);
  void leave_idle_channels();
  bool try_leave(LocalChannel& channel);

  LocalChannelsParts parts_;
  BatchPool batches_;
  MemberPlaces places_;
  Handover handover_;
  ChannelContext context_;

  /// The keys are views of the channels' own names.
  std::unordered_map<std::string_view, std::unique_ptr<LocalChannel>, StringHash> channels_;
  SlotTable<LocalChannel*> handles_;  // for who waits for an answer about a channel
  std::deque<LocalChannel*> dirty_;   // with batches; a channel in it is not destroyed
  std::vector<LocalChannel*> held_;   // with a batch that waits for more; not destroyed either
  std::vector<Handle> lagging_;       // to read the log at the end of the tick
  std::vector<Handle> stalled_;       // to read it again at the next time step
  std::deque<Idle> idle_;             // without subscribers; each once, by time of the push
};

}  // namespace carillon::hub
