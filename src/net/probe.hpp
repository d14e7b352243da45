// What a reactor counts: plain numbers of its own thread, no atomics on the data path.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "core/time.hpp"
#include "net/stream_handler.hpp"

namespace carillon::net {

/// Counts durations by powers of two.
/// Units: bucket i holds those below 2^i microseconds; the last one holds the rest.
class DurationHistogram {
 public:
  static constexpr std::size_t kBuckets = 24;  // up to 4 s, and longer

  void add(Duration duration) {
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
    const auto microseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(us, 0));
    const auto bucket = static_cast<std::size_t>(std::bit_width(microseconds));
    ++counts_[std::min(bucket, kBuckets - 1)];
    sum_ += duration;
  }

  const std::array<std::uint64_t, kBuckets>& counts() const { return counts_; }
  Duration sum() const { return sum_; }
  /// Exclusive upper bound of a bucket that is not the last.
  static Duration upper_bound(std::size_t bucket) {
    return std::chrono::microseconds(std::int64_t{1} << bucket);
  }

 private:
  std::array<std::uint64_t, kBuckets> counts_{};
  Duration sum_{0};
};

/// All counts of one reactor since its start. The members are written as verbs at call sites.
/// Thread: the reactor's own; others post a task that copies it.
class Probe {
 public:
  void opened_stream() { ++streams_opened; }
  void closed_stream(CloseCause cause) { ++streams_closed[static_cast<std::size_t>(cause)]; }
  void accepted_connection() { ++connections_accepted; }
  void refused_for_descriptors() { ++descriptor_refusals; }
  void refused_when_full() { ++full_refusals; }
  void refused_as_limited() { ++limited_refusals; }
  void handed_over_connection() { ++connections_handed_over; }
  void sent(std::size_t bytes) {
    ++sends;
    bytes_sent += bytes;
  }
  void found_congestion() { ++congestions; }
  void received(std::size_t bytes) {
    ++receives;
    bytes_received += bytes;
  }
  void sent_datagram(std::size_t bytes) {
    ++datagrams_sent;
    datagram_bytes_sent += bytes;
  }
  void received_datagram(std::size_t bytes) {
    ++datagrams_received;
    datagram_bytes_received += bytes;
  }
  void dropped_datagram() { ++datagrams_dropped; }
  void failed_datagram() { ++datagrams_failed; }
  void completed_handshake(bool resumed) { ++(resumed ? tls_resumptions : tls_handshakes); }
  void failed_tls() { ++tls_failures; }
  void cut_handshake() { ++tls_timeouts; }
  void met_plain_peer() { ++tls_plain_peers; }
  void ran_tick(Duration busy) { tick_time.add(busy); }
  void ran_posted_task() { ++posted_tasks; }
  void refused_posted_task() { ++post_refusals; }
  void received_mail(std::size_t tasks) { mail_received += tasks; }
  void refused_mail() { ++mail_refusals; }
  void caught_exception() { ++exceptions_caught; }

  std::uint64_t streams_opened = 0;
  std::array<std::uint64_t, kCloseCauseCount> streams_closed{};  // by CloseCause
  std::uint64_t connections_accepted = 0;
  std::uint64_t descriptor_refusals = 0;  // refused for want of a descriptor
  std::uint64_t full_refusals = 0;        // refused because as many as are allowed were there
  std::uint64_t limited_refusals = 0;     // refused for what their peers have already
  std::uint64_t connections_handed_over = 0;
  std::uint64_t sends = 0;  // that the kernel took at least an octet of
  std::uint64_t bytes_sent = 0;
  std::uint64_t congestions = 0;  // flushes after which octets had to wait for the peer
  std::uint64_t receives = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t datagrams_sent = 0;
  std::uint64_t datagram_bytes_sent = 0;
  std::uint64_t datagrams_received = 0;
  std::uint64_t datagram_bytes_received = 0;
  std::uint64_t datagrams_dropped = 0;  // for which the socket's send buffer had no room
  std::uint64_t datagrams_failed = 0;   // refused otherwise: no route, too long
  std::uint64_t tls_handshakes = 0;     // in full
  std::uint64_t tls_resumptions = 0;    // with a ticket
  std::uint64_t tls_failures = 0;       // handshakes and records that were refused
  std::uint64_t tls_timeouts = 0;       // handshakes that took too long
  std::uint64_t tls_plain_peers = 0;    // that spoke HTTP where TLS is spoken
  DurationHistogram tick_time;          // from the end of the wait to the end of the tick
  std::uint64_t posted_tasks = 0;
  std::uint64_t post_refusals = 0;
  std::uint64_t mail_received = 0;
  std::uint64_t mail_refusals = 0;
  std::uint64_t exceptions_caught = 0;
};

}  // namespace carillon::net
