// What is remembered of channels whose history is gone, so that their offsets go on where they
// stopped and old positions keep their meaning.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "cluster/channel_log.hpp"
#include "cluster/recency_list.hpp"
#include "cluster/shared_budget.hpp"
#include "core/hash.hpp"
#include "hub/probe.hpp"

namespace carillon::cluster {

/// Each channel is remembered for the budget's time after its last use, as long as the
/// budget allows; the least recently used are forgotten first. A channel that is not known (any
/// more) stands at the start of the *current* epoch, which is drawn afresh whenever one of that
/// epoch is forgotten: so no position is ever given twice.
class ChannelMemory {
 public:
  /// `fresh` is where a channel stands that is not known.
  /// Lifetime: budget and probe outlive it.
  ChannelMemory(SharedBudget& budget, hub::Probe& probe, const Numbering& fresh);
  ChannelMemory(const ChannelMemory&) = delete;
  ChannelMemory& operator=(const ChannelMemory&) = delete;
  ~ChannelMemory();

  bool is_known(Bytes channel) const { return entries_.contains(channel); }
  const Numbering& fresh() const { return fresh_; }
  /// Where a channel stands that is not alive.
  Numbering look_up(Bytes channel, Timestamp now);
  /// The same, for one that comes alive: it is not remembered here from then on.
  Numbering take(Bytes channel, Timestamp now);
  void remember(std::string channel, const Numbering& numbering, Timestamp now);

  /// Forgets at most `limit` of those that are too old.
  void on_time(Timestamp now, std::size_t limit);

  /// All positions given so far mean nothing any more.
  void renew(const Epoch& epoch);

  std::size_t size() const { return entries_.size(); }

  /// Those not used for the longest time first: visit(name, numbering, last_used).
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Entry* entry = by_use_.oldest(); entry != nullptr; entry = entry->hook.newer) {
      visit(*entry->channel, entry->numbering, entry->last_used);
    }
  }

 private:
  struct Entry {
    Numbering numbering;
    Timestamp last_used;
    const std::string* channel = nullptr;  // the key
    RecencyHook<Entry> hook;
  };

  void forget_oldest(Timestamp now);
  void erase(Entry& entry);

  SharedBudget& budget_;
  hub::Probe& probe_;
  Numbering fresh_;  // of every channel that is not known
  std::unordered_map<std::string, Entry, StringHash, std::equal_to<>> entries_;
  RecencyList<Entry, &Entry::hook> by_use_;
};

}  // namespace carillon::cluster
