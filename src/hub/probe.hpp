// What the hub of one reactor has done and holds: plain numbers, read on that reactor.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace carillon::hub {

/// How long publications took from their timestamp to the hand-over to a subscriber.
/// Units: upper bounds in microseconds, the last bucket has none; the sum in microseconds.
struct LatencyHistogram {
  static constexpr std::array<std::int64_t, 14> kBounds{50,      100,     250,     500,      1'000,
                                                        2'500,   5'000,   10'000,  25'000,   50'000,
                                                        100'000, 250'000, 500'000, 1'000'000};
  std::array<std::uint64_t, kBounds.size() + 1> buckets{};
  std::uint64_t count = 0;
  std::uint64_t sum_microseconds = 0;

  void record(std::int64_t microseconds, std::uint64_t times);
};

/// Everything only grows, except the gauges at the end.
struct HubCounts {
  std::uint64_t publications = 0;
  std::uint64_t ephemerals = 0;
  std::uint64_t duplicates = 0;  // publishes answered with their first receipt
  std::uint64_t dedupe_mismatches = 0;
  std::uint64_t subscribes = 0;
  std::uint64_t refused_subscribes = 0;
  std::uint64_t reads = 0;
  std::uint64_t deliveries = 0;    // publications times subscribers
  std::uint64_t encodings = 0;     // publications times wire forms
  std::uint64_t held_flushes = 0;  // that waited for more publications
  std::uint64_t gaps_told = 0;
  std::uint64_t recoveries_broken = 0;  // subscribes whose start could not be honoured

  std::uint64_t mailbox_refusals = 0;  // posts, requests to and from homes
  std::uint64_t reactors_fell_behind = 0;
  std::uint64_t catch_up_reads = 0;
  std::uint64_t dropped_behind = 0;    // ephemerals while a reactor was behind or catching up
  std::uint64_t dropped_pending = 0;   // ephemerals over limits::kPendingPublications
  std::uint64_t deferred_pending = 0;  // kept ones over it: read from the log again
  std::uint64_t dropped_oldest = 0;    // from the backlog of a congested endpoint
  std::uint64_t conflated = 0;         // replaced by a newer one of the same key

  std::uint64_t presence_joins = 0;
  std::uint64_t presence_leaves = 0;
  std::uint64_t presence_updates = 0;
  std::uint64_t refused_members = 0;  // by the limit on a channel's members
  std::uint64_t dropped_notices = 0;  // joins over limits::kWaitingNotices

  // The memory broker of this reactor.
  std::uint64_t pruned_publications = 0;   // by count, age or bytes of their channel
  std::uint64_t evicted_publications = 0;  // by the limit on all histories together
  std::uint64_t expired_channels = 0;
  std::uint64_t refused_channels = 0;       // the limit on live channels
  std::uint64_t forgotten_channels = 0;     // their metadata, by its limit or age
  std::uint64_t forgotten_dedupe_keys = 0;  // by the limit on all keys together

  // Gauges.
  std::uint64_t subscriptions = 0;
  std::uint64_t local_channels = 0;       // heard on this reactor
  std::uint64_t channels = 0;             // alive in this reactor's broker
  std::uint64_t remembered_channels = 0;  // expired ones whose metadata is kept
  std::uint64_t history_publications = 0;
  std::uint64_t history_bytes = 0;
  std::uint64_t dedupe_keys = 0;
  std::uint64_t backlog_bytes = 0;
  std::uint64_t presence_members = 0;  // in the channels at home here, in each of them
};

/// Named as verbs, so that the places which count read as sentences.
/// Thread: its reactor's.
class Probe {
 public:
  HubCounts& count() { return counts_; }
  const HubCounts& counts() const { return counts_; }
  const LatencyHistogram& delivery_latency() const { return delivery_latency_; }

  void delivered(std::uint64_t publications) { counts_.deliveries += publications; }
  void encoded(std::uint64_t publications) { counts_.encodings += publications; }
  void told_gap() { ++counts_.gaps_told; }
  void mailbox_refused() { ++counts_.mailbox_refusals; }
  void waited(std::int64_t microseconds, std::uint64_t times) {
    delivery_latency_.record(microseconds, times);
  }

 private:
  HubCounts counts_;
  LatencyHistogram delivery_latency_;
};

}  // namespace carillon::hub
