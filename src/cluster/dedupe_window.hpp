// Which idempotency keys were used lately, and what came of the first use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <unordered_map>

#include "cluster/recency_list.hpp"
#include "cluster/shared_budget.hpp"
#include "core/hash.hpp"
#include "hub/broker.hpp"
#include "hub/probe.hpp"

namespace carillon::cluster {

/// 128 bits that stand for some octets; the key is drawn at start-up, so that nobody can make
/// two that are equal.
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
};

/// A key is remembered for limits::kDedupeTime, as long as it is among its publisher's latest
/// limits::kDedupeKeysPerPublisher in the channel and the budget allows; else the oldest go.
class DedupeWindow {
 public:
  /// Lifetime: both outlive it.
  DedupeWindow(SharedBudget& budget, hub::Probe& probe);
  DedupeWindow(const DedupeWindow&) = delete;
  DedupeWindow& operator=(const DedupeWindow&) = delete;
  ~DedupeWindow();

  DedupeTicket ticket(const hub::PublishRequest& request) const;

  /// Empty: the key is new. Else the first receipt, marked as a duplicate.
  /// Errors: DedupeMismatch.
  Result<std::optional<hub::Receipt>, hub::BrokerError> look_up(const DedupeTicket& ticket,
                                                                Timestamp now);
  /// Only for a key that `look_up` found new.
  void remember(const DedupeTicket& ticket, const hub::Receipt& receipt, Timestamp now);

  /// Forgets at most `limit` of those that are too old.
  void on_time(Timestamp now, std::size_t limit);

  std::size_t size() const { return entries_.size(); }

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
    Entry* oldest = nullptr;
    Entry* newest = nullptr;
    std::size_t count = 0;
  };

  Digest digest(std::initializer_list<Bytes> parts) const;
  static bool is_too_old(const Entry& entry, Timestamp now);
  void forget_oldest_of(Publisher& publisher);

  SharedBudget& budget_;
  hub::Probe& probe_;
  const HashKey first_key_;
  const HashKey second_key_;
  std::unordered_map<Digest, Entry, DigestHash> entries_;
  std::unordered_map<Digest, Publisher, DigestHash> publishers_;
  RecencyList<Entry, &Entry::hook> by_age_;
};

}  // namespace carillon::cluster
