// What is remembered of channels whose history is gone, so that their offsets go on where they
// stopped and old positions keep their meaning.
#pragma once

#include <cstddef>
#include <optional>
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
  /// Lifetime: both outlive it.
  ChannelMemory(SharedBudget& budget, hub::Probe& probe, Timestamp now);
  ChannelMemory(const ChannelMemory&) = delete;
  ChannelMemory& operator=(const ChannelMemory&) = delete;
  ~ChannelMemory();

  /// Where a channel stands that is not alive.
  Numbering look_up(Bytes channel, Timestamp now);
  /// The same, for one that comes alive: it is not remembered here from then on.
  Numbering take(Bytes channel, Timestamp now);
  void remember(std::string channel, const Numbering& numbering, Timestamp now);

  /// Forgets at most `limit` of those that are too old.
  void on_time(Timestamp now, std::size_t limit);

  std::size_t size() const { return entries_.size(); }

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
