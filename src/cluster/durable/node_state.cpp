#include "cluster/durable/node_state.hpp"

#include <utility>

#include "hub/types.hpp"

namespace carillon::cluster::durable {

NodeState::NodeState(const hub::NamespaceTable& namespaces, const BudgetLimits& limits,
                     const Origin& origin, Timestamp now)
    : now_(now),
      budget_(limits),
      channels_(namespaces, budget_, probe_, origin.fresh),
      dedupe_(budget_, probe_, origin.keys) {}

void NodeState::apply(const ChannelRecord& record) {
  channels_.restore(record.channel, record.numbering, record.last_used);
}

bool NodeState::apply(PublicationRecord record) {
  const hub::Publication& publication = *record.publication;
  if (record.ticket) {
    dedupe_.restore(
        {.channel = publication.channel,
         .ticket = *record.ticket,
         .receipt = {.position = publication.position, .timestamp = publication.timestamp},
         .remembered_at = publication.timestamp},
        now_);
  }
  return channels_.restore(std::move(record.publication), now_) != Restored::Broken;
}

void NodeState::apply(const DedupeMemory& memory) {
  dedupe_.restore(memory, now_);
}

void NodeState::apply(const DeletionRecord& deletion) {
  channels_.delete_up_to(deletion.channel, deletion.position);
}

void NodeState::settle() {
  channels_.forget_old(now_);
}

void NodeState::renew(const Epoch& epoch) {
  channels_.renew(epoch);
  dedupe_.renew(epoch);
}

Origin NodeState::origin() const {
  return {.fresh = channels_.memory().fresh(), .keys = dedupe_.keys()};
}

void NodeState::move_into(std::span<MemoryBroker* const> homes) {
  const auto home_of = [homes](Bytes channel) -> MemoryBroker& {
    return *homes[hub::home_of(channel, homes.size())];
  };
  channels_.memory().for_each(
      [&](const std::string& name, const Numbering& numbering, Timestamp last_used) {
        home_of(name).channels().restore(name, numbering, last_used);
      });
  for (Channel* const channel : channels_.by_use()) {
    home_of(channel->name).channels().take_over(*channel);
  }
  dedupe_.for_each(
      [&](const DedupeMemory& memory) { home_of(memory.channel).dedupe().restore(memory, now_); });
}

void write_channels(ChannelStore& channels, const std::function<void(const ChannelRecord&)>& start,
                    const std::function<void(const hub::Publication&)>& publication) {
  // Those alive first: on their way in they pass through the memory, where they must not make
  // anything else forgotten.
  for (const Channel* const channel : channels.by_use()) {
    if (channel->log.numbering().last_offset == 0) continue;
    start({.channel = channel->name,
           .numbering = channel->log.base(),
           .last_used = channel->last_used});
    channel->log.for_each([&](const hub::PublicationPtr& retained) { publication(*retained); });
  }
  channels.memory().for_each(
      [&](const std::string& name, const Numbering& numbering, Timestamp last_used) {
        start({.channel = name, .numbering = numbering, .last_used = last_used});
      });
}

}  // namespace carillon::cluster::durable
