#include "server/metrics.hpp"

#include <array>
#include <charconv>
#include <string_view>

#include "server/metrics_connections.hpp"
#include "server/metrics_per_reactor.hpp"
#include "server/metrics_text.hpp"
#include "server/metrics_turn.hpp"

namespace carillon::server {
namespace {

void write_messages(PerReactor& metrics, MetricsText& out) {
  metrics.counter("carillon_refused_by_schema_total",
                  "Publications that did not fit the schema of their namespace.",
                  [](const auto& c) { return c.transport.refused_by_schema; });
  metrics.counter("carillon_publications_total", "Publications taken.",
                  [](const auto& c) { return c.hub.counts().publications; });
  metrics.samples("carillon_presence_events_total", MetricKind::Counter,
                  "Clients that came to channels, left them, or changed what others see.",
                  [&](const ReactorCounts& counts, Bytes reactor) {
                    const auto& c = counts.hub.counts();
                    const auto event = [&](Bytes name, std::uint64_t count) {
                      out.sample(count, {{"reactor", reactor}, {"event", name}});
                    };
                    event("join", c.presence_joins);
                    event("leave", c.presence_leaves);
                    event("update", c.presence_updates);
                  });
  metrics.counter("carillon_ephemerals_total", "Ephemeral messages taken.",
                  [](const auto& c) { return c.hub.counts().ephemerals; });
  metrics.counter("carillon_duplicates_total", "Publishes answered with their first receipt.",
                  [](const auto& c) { return c.hub.counts().duplicates; });
  metrics.counter("carillon_deliveries_total", "Publications handed to subscribers.",
                  [](const auto& c) { return c.hub.counts().deliveries; });
  metrics.counter("carillon_encodings_total", "Publications encoded, once per wire form.",
                  [](const auto& c) { return c.hub.counts().encodings; });
  metrics.counter("carillon_flushes_held_total",
                  "Flushes of busy channels that waited, so that more messages share one.",
                  [](const auto& c) { return c.hub.counts().held_flushes; });
  metrics.counter("carillon_gaps_total", "Gaps told to readers.",
                  [](const auto& c) { return c.hub.counts().gaps_told; });
  metrics.samples("carillon_drops_total", MetricKind::Counter, "Messages dropped, by reason.",
                  [&](const ReactorCounts& counts, Bytes reactor) {
                    const auto& c = counts.hub.counts();
                    const auto drop = [&](Bytes reason, std::uint64_t count) {
                      out.sample(count, {{"reactor", reactor}, {"reason", reason}});
                    };
                    drop("oldest", c.dropped_oldest);
                    drop("conflated", c.conflated);
                    drop("ephemeral_behind", c.dropped_behind);
                    drop("ephemeral_pending", c.dropped_pending);
                  });
  metrics.samples("carillon_delivery_latency_seconds", MetricKind::Histogram,
                  "From a publication's timestamp to its hand-over to a subscriber's outbox.",
                  [&](const ReactorCounts& counts, Bytes reactor) {
                    const hub::LatencyHistogram& latency = counts.hub.delivery_latency();
                    std::array<double, hub::LatencyHistogram::kBounds.size()> bounds{};
                    for (std::size_t i = 0; i < bounds.size(); ++i) {
                      bounds[i] = static_cast<double>(hub::LatencyHistogram::kBounds[i]) / 1e6;
                    }
                    out.histogram({.bounds = bounds,
                                   .counts = latency.buckets,
                                   .sum = static_cast<double>(latency.sum_microseconds) / 1e6},
                                  {{"reactor", reactor}});
                  });
}

void write_limits(PerReactor& metrics, MetricsText& out) {
  metrics.samples("carillon_limits_hit_total", MetricKind::Counter, "Named limits that were hit.",
                  [&](const ReactorCounts& counts, Bytes reactor) {
                    const auto& c = counts.hub.counts();
                    const auto hit = [&](Bytes limit, std::uint64_t count) {
                      out.sample(count, {{"reactor", reactor}, {"limit", limit}});
                    };
                    hit("connections", counts.net.full_refusals);
                    hit("descriptors", counts.net.descriptor_refusals);
                    hit("tls_handshake", counts.net.tls_timeouts);
                    hit("outbox", counts.transport.slow_readers);
                    hit("http2_bodies", counts.transport.refused_bodies);
                    hit("http2_write", counts.transport.stalled_streams);
                    for (std::size_t i = 0; i < transport::kLimitCount; ++i) {
                      hit(transport::kLimitNames[i], counts.transport.limit_hits[i]);
                    }
                    hit("application_outbox", counts.transport.refused_sends);
                    hit("application_posts", counts.transport.refused_posts);
                    hit("mailbox", c.mailbox_refusals);
                    hit("pending_publications", c.deferred_pending);
                    hit("history_of_channel", c.pruned_publications);
                    hit("history_total", c.evicted_publications);
                    hit("live_channels", c.refused_channels);
                    hit("remembered_channels", c.forgotten_channels);
                    hit("dedupe_keys", c.forgotten_dedupe_keys);
                    hit("presence_members", c.refused_members);
                    hit("presence_notices", c.dropped_notices);
                    hit("control_queue", counts.net.post_refusals);
                    hit("rounds", counts.transport.refused_rounds);
                    hit("revocations", counts.transport.refused_revocations);
                    hit("log_lane", counts.lane.refused_publications);
                    hit("log_waiting_calls", counts.lane.refused_calls);
                  });
}

void write_state(PerReactor& metrics) {
  metrics.gauge("carillon_subscriptions", "Subscriptions.",
                [](const auto& c) { return c.hub.counts().subscriptions; });
  metrics.gauge("carillon_presence_members",
                "Clients known to be in channels at home on the reactor, in each of them.",
                [](const auto& c) { return c.hub.counts().presence_members; });
  metrics.gauge("carillon_channels", "Live channels at home on the reactor.",
                [](const auto& c) { return c.hub.counts().channels; });
  metrics.gauge("carillon_channels_remembered", "Expired channels whose numbering is kept.",
                [](const auto& c) { return c.hub.counts().remembered_channels; });
  metrics.gauge("carillon_history_publications", "Publications retained.",
                [](const auto& c) { return c.hub.counts().history_publications; });
  metrics.gauge("carillon_history_bytes", "Bytes of retained publications.",
                [](const auto& c) { return c.hub.counts().history_bytes; });
  metrics.gauge("carillon_backlog_bytes", "Bytes kept back for congested endpoints.",
                [](const auto& c) { return c.hub.counts().backlog_bytes; });
}

void write_revocations(PerReactor& metrics) {
  metrics.gauge("carillon_revocations", "Revocations remembered; the same on every reactor.",
                [](const auto& c) { return c.revocations; });
}

void write_compression(PerReactor& metrics, MetricsText& out) {
  metrics.samples("carillon_websocket_deflate_bytes_total", MetricKind::Counter,
                  "Bytes of the WebSocket messages that were compressed, before and after; what is "
                  "sent to many is counted once.",
                  [&](const ReactorCounts& counts, Bytes reactor) {
                    const auto write = [&](Bytes direction, Bytes form, std::uint64_t count) {
                      out.sample(count,
                                 {{"reactor", reactor}, {"direction", direction}, {"form", form}});
                    };
                    const auto& c = counts.deflate;
                    write("sent", "plain", c.sent_plain_bytes);
                    write("sent", "compressed", c.sent_compressed_bytes);
                    write("received", "plain", c.received_plain_bytes);
                    write("received", "compressed", c.received_compressed_bytes);
                  });
  metrics.samples("carillon_websocket_deflate_contexts", MetricKind::Gauge,
                  "Contexts that connections keep between compressed messages.",
                  [&](const ReactorCounts& counts, Bytes reactor) {
                    out.sample(counts.deflate.held_deflaters,
                               {{"reactor", reactor}, {"direction", "sent"}});
                    out.sample(counts.deflate.held_inflaters,
                               {{"reactor", reactor}, {"direction", "received"}});
                  });
}

std::uint64_t sends_of(const ReactorCounts& counts) {
  return counts.net.sends;
}

std::uint64_t deliveries_of(const ReactorCounts& counts) {
  return counts.hub.counts().deliveries;
}

using ReadCount = std::uint64_t (*)(const ReactorCounts&);

void write_ratio(PerReactor& metrics, MetricsText& out, Bytes name, Bytes help, ReadCount over,
                 ReadCount under) {
  metrics.samples(name, MetricKind::Gauge, help, [&](const ReactorCounts& counts, Bytes reactor) {
    const auto divisor = static_cast<double>(under(counts));
    out.sample(divisor > 0 ? static_cast<double>(over(counts)) / divisor : 0.0,
               {{"reactor", reactor}});
  });
}

void write_io(PerReactor& metrics, MetricsText& out) {
  metrics.counter("carillon_sends_total", "Send calls of which the kernel took something.",
                  [](const auto& c) { return c.net.sends; });
  metrics.counter("carillon_sent_bytes_total", "Bytes sent.",
                  [](const auto& c) { return c.net.bytes_sent; });
  metrics.counter("carillon_receives_total", "Receive calls that brought something.",
                  [](const auto& c) { return c.net.receives; });
  metrics.counter("carillon_received_bytes_total", "Bytes received.",
                  [](const auto& c) { return c.net.bytes_received; });
  metrics.counter("carillon_io_system_calls_total",
                  "System calls made for sends and receives; io_uring makes one for many.",
                  [](const auto& c) { return c.io_system_calls; });
  write_ratio(metrics, out, "carillon_messages_per_send",
              "Deliveries per send call since the start.", deliveries_of, sends_of);
  write_ratio(metrics, out, "carillon_sends_per_delivery",
              "Send calls per delivery since the start.", sends_of, deliveries_of);
  metrics.gauge("carillon_outbox_bytes", "Bytes that wait in outboxes.",
                [](const auto& c) { return c.outbox_bytes; });
  metrics.counter("carillon_congestions_total", "Flushes that had to leave bytes behind.",
                  [](const auto& c) { return c.net.congestions; });
  metrics.samples("carillon_tick_seconds", MetricKind::Histogram,
                  "Time from the end of a wait to the end of its tick.",
                  [&](const ReactorCounts& counts, Bytes reactor) {
                    write_durations(out, counts.net.tick_time, reactor);
                  });
  metrics.samples("carillon_io_backend", MetricKind::Gauge, "The I/O backend in use.",
                  [&](const ReactorCounts& counts, Bytes reactor) {
                    out.sample(std::uint64_t{1},
                               {{"reactor", reactor}, {"backend", counts.io_backend}});
                  });
}

void write_datagrams(PerReactor& metrics, MetricsText& out) {
  metrics.samples(
      "carillon_datagrams_total", MetricKind::Counter, "UDP datagrams.",
      [&](const ReactorCounts& counts, Bytes reactor) {
        out.sample(counts.net.datagrams_received, {{"reactor", reactor}, {"direction", "in"}});
        out.sample(counts.net.datagrams_sent, {{"reactor", reactor}, {"direction", "out"}});
      });
  metrics.samples(
      "carillon_datagrams_unsent_total", MetricKind::Counter,
      "Datagrams that the kernel did not take: no room in the send buffer, or refused.",
      [&](const ReactorCounts& counts, Bytes reactor) {
        out.sample(counts.net.datagrams_dropped, {{"reactor", reactor}, {"reason", "full"}});
        out.sample(counts.net.datagrams_failed, {{"reactor", reactor}, {"reason", "refused"}});
      });
}

void write_journal(PerReactor& metrics, MetricsText& out,
                   const cluster::durable::Journal& journal) {
  metrics.counter("carillon_log_failed_publications_total",
                  "Publications refused because the log could not be written.",
                  [](const auto& c) { return c.lane.failed_publications; });
  metrics.gauge("carillon_log_pending_publications", "Publications on their way to the log.",
                [](const auto& c) { return c.lane.pending_publications; });
  const cluster::durable::JournalCounts counts = journal.counts();
  const auto node = [&out](Bytes name, MetricKind kind, Bytes help, std::uint64_t value) {
    out.family(name, kind, help);
    out.sample(value, {});
  };
  node("carillon_log_written_bytes_total", MetricKind::Counter, "Bytes written to the log.",
       counts.bytes);
  node("carillon_log_commits_total", MetricKind::Counter,
       "Groups of publications that were written to the log together.", counts.commits);
  node("carillon_log_failed_commits_total", MetricKind::Counter,
       "Groups that could not be written.", counts.failed_commits);
  node("carillon_log_syncs_total", MetricKind::Counter, "Times the log was forced onto the disk.",
       counts.syncs);
  node("carillon_log_compactions_total", MetricKind::Counter, "Compactions of the log.",
       counts.compactions);
  node("carillon_log_failed_compactions_total", MetricKind::Counter,
       "Compactions of the log that failed.", counts.failed_compactions);
  node("carillon_log_bytes", MetricKind::Gauge, "Bytes of all log files.", counts.log_bytes);
  node("carillon_log_writable", MetricKind::Gauge, "1 while the log can be written.",
       journal.trouble().empty() ? 1 : 0);
  out.family("carillon_log_commit_seconds_total", MetricKind::Counter,
             "Time spent on writing and forcing groups onto the disk.");
  out.sample(static_cast<double>(counts.commit_microseconds) / 1e6, {});
}

std::vector<CertificateEnd> certificates_of(Shard& shard) {
  std::vector<CertificateEnd> ends;
  const auto& context = shard.tls_entrance().context();
  if (context == nullptr) return ends;
  for (const net::TlsCertificate& each : context->certificates().all()) {
    ends.push_back({.name = each.names().empty() ? std::string{} : each.names().front(),
                    .expires = each.expires()});
  }
  return ends;
}

std::vector<transport::TurnCounts> turn_counts(const std::vector<ReactorCounts>& reactors) {
  std::vector<transport::TurnCounts> counts;
  for (const ReactorCounts& reactor : reactors) {
    if (reactor.turn) counts.push_back(*reactor.turn);
  }
  return counts;
}

}  // namespace

ReactorCounts counts_of(Shard& shard) {
  net::Reactor& reactor = shard.reactor();
  ReactorCounts counts{.net = reactor.probe(),
                       .hub = shard.hub_probe(),
                       .transport = shard.worker().probe(),
                       .deflate = shard.deflate_counts(),
                       .streams = reactor.stream_count(),
                       .outbox_bytes = 0,
                       .io_backend = {},
                       .io_system_calls = 0,
                       .lane = shard.lane_counts(),
                       .revocations = shard.worker().revocations().size()};
  if (const net::IoBatch* batch = reactor.io_batch()) {
    counts.io_backend = batch->name();
    counts.io_system_calls = batch->system_calls();
  }
  counts.certificates = certificates_of(shard);
  if (shard.turn() != nullptr) counts.turn = shard.turn()->counts();
  reactor.for_each_stream(
      [&counts](net::Stream& stream) { counts.outbox_bytes += stream.outbox_bytes(); });
  return counts;
}

std::string metrics_text(const std::vector<ReactorCounts>& reactors,
                         const cluster::durable::Journal* journal) {
  MetricsText out;
  PerReactor metrics(out, reactors);
  write_connections(metrics, out);
  if (!reactors.empty()) write_certificates(out, reactors.front().certificates);
  write_messages(metrics, out);
  write_limits(metrics, out);
  write_state(metrics);
  write_revocations(metrics);
  write_compression(metrics, out);
  write_io(metrics, out);
  write_datagrams(metrics, out);
  if (journal != nullptr) write_journal(metrics, out, *journal);
  write_turn(out, turn_counts(reactors));
  return out.text();
}

}  // namespace carillon::server
