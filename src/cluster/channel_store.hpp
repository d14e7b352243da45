// The channels that are alive in one memory broker, and who has to make room for whom.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cluster/channel_log.hpp"
#include "cluster/channel_memory.hpp"
#include "cluster/recency_list.hpp"
#include "cluster/shared_budget.hpp"
#include "core/hash.hpp"
#include "hub/namespace_settings.hpp"
#include "hub/probe.hpp"

namespace carillon::cluster {

/// A channel that was published to or is subscribed to.
struct Channel {
  Channel(std::string its_name, const hub::NamespaceSettings& its_settings,
          const Numbering& numbering)
      : name(std::move(its_name)), settings(its_settings), log(numbering) {}

  std::string name;
  const hub::NamespaceSettings& settings;
  ChannelLog log;
  Timestamp last_used;          // published to, subscribed to or read
  std::size_t sweep_place = 0;  // in the list of all
  bool is_subscribed = false;
  bool is_counted = false;  // as a live channel: it was published to and has not expired
  RecencyHook<Channel> with_history;
  RecencyHook<Channel> unsubscribed;  // and counted
};

class ChannelStore {
 public:
  /// Lifetime: all of them outlive the store.
  ChannelStore(const hub::NamespaceTable& namespaces, SharedBudget& budget, hub::Probe& probe,
               Timestamp now);
  ChannelStore(const ChannelStore&) = delete;
  ChannelStore& operator=(const ChannelStore&) = delete;
  ~ChannelStore();

  /// The channel as its readers may see it now, or null when nothing of it is alive.
  Channel* find(Bytes name, Timestamp now);
  /// Where a channel stands that `find` does not find.
  Numbering look_up(Bytes name, Timestamp now) { return memory_.look_up(name, now); }

  /// The channel, for a publication to it; null when there are too many.
  Channel* admit(const std::string& name, Timestamp now);
  /// Lengthens its log, and makes room for that in this and other channels.
  void append(Channel& channel, hub::PublicationPtr publication, Timestamp now);

  /// A subscribed channel does not expire, so that its numbering goes on.
  Channel& subscribe(const std::string& name, Timestamp now);
  void unsubscribe(Bytes name, Timestamp now);

  /// Looks after at most `limit` channels.
  void on_time(Timestamp now, std::size_t limit);

  template <class Visit>
  void for_each(Visit visit) const {
    for (const Channel* const channel : all_) visit(*channel);
  }

 private:
  Channel& create(const std::string& name, Timestamp now);
  bool expire_one_idle(Timestamp now);
  void count_in(Channel& channel);
  void count_out(Channel& channel);
  void prune(Channel& channel, Timestamp now);
  void account(Channel& channel, const Pruned& pruned);
  void evict(const Channel& kept);
  void sweep(Channel& channel, Timestamp now);
  void expire(Channel& channel, Timestamp now);

  const hub::NamespaceTable& namespaces_;
  SharedBudget& budget_;
  hub::Probe& probe_;
  ChannelMemory memory_;
  /// The keys are views of the channels' own names.
  std::unordered_map<std::string_view, std::unique_ptr<Channel>, StringHash> channels_;
  std::vector<Channel*> all_;  // in no order
  std::size_t next_swept_ = 0;
  RecencyList<Channel, &Channel::with_history> with_history_;
  RecencyList<Channel, &Channel::unsubscribed> unsubscribed_;
};

}  // namespace carillon::cluster
