// What all homes of a node hold together, as it is read from disk: whatever reactors wrote it, and
// however many will take it over.
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "cluster/channel_store.hpp"
#include "cluster/dedupe_window.hpp"
#include "cluster/durable/record.hpp"
#include "cluster/memory_broker.hpp"
#include "cluster/shared_budget.hpp"
#include "hub/namespace_settings.hpp"
#include "hub/probe.hpp"

namespace carillon::cluster::durable {

/// It keeps to the same bounds as a running node: reading a log of many more publications than are
/// retained takes no more memory than these.
/// Thread: one.
class NodeState {
 public:
  /// Lifetime: the table outlives it.
  NodeState(const hub::NamespaceTable& namespaces, const BudgetLimits& limits, const Origin& origin,
            Timestamp now);

  void apply(const ChannelRecord& record);
  /// False: some before it are missing.
  bool apply(PublicationRecord record);
  void apply(const DedupeMemory& memory);
  void apply(const DeletionRecord& deletion);

  /// Everything has been read: forgets what is too old.
  void settle();
  /// All positions given so far mean nothing any more: their readers will be told.
  void renew(const Epoch& epoch);
  Origin origin() const;

  ChannelStore& channels() { return channels_; }
  DedupeWindow& dedupe() { return dedupe_; }

  /// Gives everything to the brokers that are at home for it. Nothing is left here.
  void move_into(std::span<MemoryBroker* const> homes);

 private:
  Timestamp now_;
  SharedBudget budget_;
  hub::Probe probe_;
  ChannelStore channels_;
  DedupeWindow dedupe_;
};

/// Every record that makes a state as it is now, in an order in which it can be read.
/// `write` gets what append_record takes besides the text.
void write_channels(ChannelStore& channels, const std::function<void(const ChannelRecord&)>& start,
                    const std::function<void(const hub::Publication&)>& publication);

}  // namespace carillon::cluster::durable
