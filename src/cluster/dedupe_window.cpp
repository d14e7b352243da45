#include "cluster/dedupe_window.hpp"

#include <chrono>
#include <string>

#include "core/random.hpp"

namespace carillon::cluster {
namespace {

constexpr std::int64_t kTime = std::chrono::microseconds(limits::kDedupeTime).count();

}  // namespace

DigestKeys DigestKeys::random() {
  return {.first = {random_u64(), random_u64()}, .second = {random_u64(), random_u64()}};
}

DedupeWindow::DedupeWindow(SharedBudget& budget, hub::Probe& probe, const DigestKeys& keys)
    : budget_(budget), probe_(probe), keys_(keys) {}

DedupeWindow::~DedupeWindow() {
  budget_.dedupe_keys.subtract(entries_.size());
}

/// Of several strings; their lengths count, so that no two lists of strings look the same.
Digest DedupeWindow::digest(std::initializer_list<Bytes> parts) const {
  thread_local std::string octets;
  octets.clear();
  for (const Bytes part : parts) {
    const std::uint64_t length = part.size();
    octets.append(reinterpret_cast<const char*>(&length), sizeof length);
    octets.append(part);
  }
  return {siphash(keys_.first, octets), siphash(keys_.second, octets)};
}

DedupeTicket DedupeWindow::ticket(const hub::PublishRequest& request) const {
  const hub::PublicationDraft& draft = request.draft;
  const Bytes kind = draft.data_kind == hub::DataKind::Json ? "j" : "b";
  return {.publisher = digest({draft.channel, request.dedupe.scope}),
          .key = digest({draft.channel, request.dedupe.scope, request.dedupe.key}),
          .content = digest({draft.data, kind, draft.key})};
}

bool DedupeWindow::is_too_old(const Entry& entry, Timestamp now) {
  return now.microseconds - entry.remembered_at.microseconds >= kTime;
}

Result<std::optional<hub::Receipt>, hub::BrokerError> DedupeWindow::look_up(
    const DedupeTicket& ticket, Timestamp now) {
  const auto found = entries_.find(ticket.key);
  if (found == entries_.end()) return std::nullopt;
  const Entry& entry = found->second;
  if (is_too_old(entry, now)) {
    while (entries_.contains(ticket.key)) forget_oldest_of(publishers_[ticket.publisher]);
    return std::nullopt;
  }
  if (entry.content != ticket.content) return std::unexpected(hub::BrokerError::DedupeMismatch);
  hub::Receipt receipt = entry.receipt;
  receipt.duplicate = true;
  return receipt;
}

void DedupeWindow::remember(const DedupeTicket& ticket, Bytes channel, const hub::Receipt& receipt,
                            Timestamp now) {
  Entry& entry = entries_[ticket.key];
  entry.key = ticket.key;
  entry.publisher = ticket.publisher;
  entry.content = ticket.content;
  entry.receipt = receipt;
  entry.remembered_at = now;
  by_age_.add(entry);
  Publisher& publisher = publishers_[ticket.publisher];
  if (publisher.count == 0) publisher.channel = channel;
  (publisher.newest == nullptr ? publisher.oldest : publisher.newest->next_of_publisher) = &entry;
  publisher.newest = &entry;
  ++publisher.count;
  budget_.dedupe_keys.add(1);
  ++probe_.count().dedupe_keys;
  if (publisher.count > limits::kDedupeKeysPerPublisher) forget_oldest_of(publisher);
  while (budget_.dedupe_keys.exceeded() && by_age_.size() > 1) {
    ++probe_.count().forgotten_dedupe_keys;
    forget_oldest_of(publishers_[by_age_.oldest()->publisher]);
  }
}

void DedupeWindow::restore(const DedupeMemory& memory, Timestamp now) {
  if (now.microseconds - memory.remembered_at.microseconds >= kTime) return;
  const auto known = entries_.find(memory.ticket.key);
  if (known != entries_.end()) {
    if (known->second.receipt.timestamp >= memory.receipt.timestamp) return;
    // It was too old when it was used again.
    Publisher& publisher = publishers_[known->second.publisher];
    while (entries_.contains(memory.ticket.key)) forget_oldest_of(publisher);
  }
  remember(memory.ticket, memory.channel, memory.receipt, memory.remembered_at);
}

void DedupeWindow::renew(const Epoch& epoch) {
  for (auto& [key, entry] : entries_) entry.receipt.position.epoch = epoch;
}

void DedupeWindow::on_time(Timestamp now, std::size_t limit) {
  for (; limit > 0 && by_age_.size() > 0; --limit) {
    const Entry& oldest = *by_age_.oldest();
    if (!is_too_old(oldest, now)) return;
    forget_oldest_of(publishers_[oldest.publisher]);
  }
}

/// Everybody's keys are in the order of their age, so that the oldest of all is also the oldest
/// of its publisher.
void DedupeWindow::forget_oldest_of(Publisher& publisher) {
  Entry& oldest = *publisher.oldest;
  by_age_.remove(oldest);
  publisher.oldest = oldest.next_of_publisher;
  if (--publisher.count == 0) publishers_.erase(oldest.publisher);
  entries_.erase(entries_.find(oldest.key));
  budget_.dedupe_keys.subtract(1);
  --probe_.count().dedupe_keys;
}

}  // namespace carillon::cluster
