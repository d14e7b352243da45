// Which idempotency keys were used lately, and what came of the first use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <unordered_map>

#include "cluster/recency_list.hpp"
#include "cluster/shared_budget.hpp"
#include "core/hash.hpp"
#include "hub/broker.hpp"
#include "hub/probe.hpp"

namespace carillon::cluster {

/// What digests are made with: drawn once and then kept with the data, so that nobody can make two
/// that are equal.
struct DigestKeys {
  HashKey first;
  HashKey second;
  static DigestKeys random();
};

/// 128 bits that stand for some octets.
struct Digest {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  bool operator==(const Digest&) const = default;
};

struct DigestHash {
  std::size_t operator()(const Digest& digest) const { return digest.first; }
};

/// The digests of one publish.
struct DedupeTicket {
  Digest publisher;  // the channel and the scope
  Digest key;        // the same and the key
  Digest content;    // the data, its kind and the conflation key
  bool operator==(const DedupeTicket&) const = default;
};

/// One remembered key, as it is kept on disk.
struct DedupeMemory {
  std::string channel;
  DedupeTicket ticket;
  hub::Receipt receipt;
  Timestamp remembered_at;
};

/// A key is remembered for limits::kDedupeTime, as long as it is among its publisher's latest
/// limits::kDedupeKeysPerPublisher in the channel and the budget allows; else the oldest go.
class DedupeWindow {
 public:
  /// Lifetime: budget and probe outlive it.
  DedupeWindow(SharedBudget& budget, hub::Probe& probe, const DigestKeys& keys);
  DedupeWindow(const DedupeWindow&) = delete;
  DedupeWindow& operator=(const DedupeWindow&) = delete;
  ~DedupeWindow();

  DedupeTicket ticket(const hub::PublishRequest& request) const;

  /// Empty: the key is new. Else the first receipt, marked as a duplicate.
  /// Errors: DedupeMismatch.
  Result<std::optional<hub::Receipt>, hub::BrokerError> look_up(const DedupeTicket& ticket,
                                                                Timestamp now);
  /// Only for a key that `look_up` found new.
  void remember(const DedupeTicket& ticket, Bytes channel, const hub::Receipt& receipt,
                Timestamp now);
  /// One that was kept on disk: it may be too old or known already. The oldest come first.
  void restore(const DedupeMemory& memory, Timestamp now);
  /// All receipts are of this epoch now.
  void renew(const Epoch& epoch);

  /// Forgets at most `limit` of those that are too old.
  void on_time(Timestamp now, std::size_t limit);

  std::size_t size() const { return entries_.size(); }
  const DigestKeys& keys() const { return keys_; }

  /// The oldest first: visit(DedupeMemory).
  template <class Visit>
  void for_each(Visit visit) const;

 private:
  struct Entry {
    Digest key;
    Digest publisher;
    Digest content;
    hub::Receipt receipt;
    Timestamp remembered_at;
    RecencyHook<Entry> hook;
    Entry* next_of_publisher = nullptr;  // the next newer one
  };
  struct Publisher {
    std::string channel;  // for who keeps this on disk: a restart may give it another home
    Entry* oldest = nullptr;
    Entry* newest = nullptr;
    std::size_t count = 0;
  };

  Digest digest(std::initializer_list<Bytes> parts) const;
  static bool is_too_old(const Entry& entry, Timestamp now);
  void forget_oldest_of(Publisher& publisher);

  SharedBudget& budget_;
  hub::Probe& probe_;
  const DigestKeys keys_;
  std::unordered_map<Digest, Entry, DigestHash> entries_;
  std::unordered_map<Digest, Publisher, DigestHash> publishers_;
  RecencyList<Entry, &Entry::hook> by_age_;
};

template <class Visit>
void DedupeWindow::for_each(Visit visit) const {
  for (const Entry* entry = by_age_.oldest(); entry != nullptr; entry = entry->hook.newer) {
    visit(DedupeMemory{.channel = publishers_.at(entry->publisher).channel,
                       .ticket = {entry->publisher, entry->key, entry->content},
                       .receipt = entry->receipt,
                       .remembered_at = entry->remembered_at});
  }
}

}  // namespace carillon::cluster
