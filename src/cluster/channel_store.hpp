// The channels that are alive in one memory broker, and who has to make room for whom.
#pragma once

#include <cstddef>
#include <cstdint>
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
      : name(std::move(its_name)), settings(&its_settings), log(numbering) {}

  /// What the next publication bears, those before it that are not in the log yet included.
  Position next_position() const;
  Timestamp next_timestamp(Timestamp now) const;
  /// It does not expire, so that its numbering goes on.
  bool is_held() const { return is_subscribed || awaited_count > 0; }

  std::string name;
  const hub::NamespaceSettings* settings;  // never null
  ChannelLog log;
  std::size_t awaited_count = 0;  // publications that are numbered and not in the log yet
  Timestamp awaited_timestamp;    // of the last of them
  Timestamp last_used;            // published to, subscribed to or read
  std::size_t sweep_place = 0;    // in the list of all
  bool is_subscribed = false;
  bool is_counted = false;  // as a live channel: it was published to and has not expired
  RecencyHook<Channel> with_history;
  RecencyHook<Channel> idle;  // counted and not held
};

/// What came of a publication that was read from disk.
enum class Restored : std::uint8_t {
  Appended,  // it continues the channel, or begins another life of it
  Known,     // the channel has it, or had it
  Broken,    // some before it are missing: nothing before it is retained any more
};

class ChannelStore {
 public:
  /// Lifetime: all of them outlive the store.
  ChannelStore(const hub::NamespaceTable& namespaces, SharedBudget& budget, hub::Probe& probe,
               const Numbering& fresh);
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

  /// A publication got a number and is not in the log yet; until it is, or is given up, the channel
  /// stays.
  void hold(Channel& channel, Timestamp timestamp);
  void release(Channel& channel);

  /// Nothing up to `position` is retained any more, if that is one of the channel's present life.
  void delete_up_to(Bytes name, const Position& position);

  /// The table says something else than before.
  void on_namespaces_changed();

  /// Looks after at most `limit` channels.
  void on_time(Timestamp now, std::size_t limit);

  template <class Visit>
  void for_each(Visit visit) const {
    for (const Channel* const channel : all_) visit(*channel);
  }

  // What was kept on disk. The channels of a store that is read are not subscribed to.

  const ChannelMemory& memory() const { return memory_; }
  /// Where a channel stood, whatever was known of it; what it retained follows.
  void restore(const std::string& name, const Numbering& numbering, Timestamp last_used);
  Restored restore(hub::PublicationPtr publication, Timestamp now);
  /// Takes what another store holds of a channel that this one does not know.
  void take_over(Channel& other);
  /// Lets go of whatever is too old to be remembered.
  void forget_old(Timestamp now);
  /// All positions given so far mean nothing any more.
  void renew(const Epoch& epoch);
  /// Those with a history, the one not used for the longest time first, and then the others.
  std::vector<Channel*> by_use();

 private:
  Channel& create(const std::string& name, Timestamp now);
  Channel* look_up_alive(Bytes name);
  std::unique_ptr<Channel> remove(Channel& channel);
  bool expire_one_idle(Timestamp now);
  void make_room_for_one(Timestamp now);
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
  RecencyList<Channel, &Channel::idle> idle_;
};

}  // namespace carillon::cluster
