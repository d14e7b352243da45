#include "server/metrics.hpp"

#include <array>
#include <charconv>
#include <string_view>

#include "server/metrics_text.hpp"
#include "server/metrics_turn.hpp"

namespace carillon::server {
namespace {

constexpr std::array<Bytes, net::kCloseCauseCount> kCauseNames = {
    "local", "peer", "reset", "write_timeout", "exception", "shutdown"};
constexpr std::array<Bytes, 6> kStatusNames = {"", "1xx", "2xx", "3xx", "4xx", "5xx"};

/// One family with a sample per reactor.
class PerReactor {
 public:
  PerReactor(MetricsText& out, const std::vector<ReactorCounts>& reactors)
      : out_(out), reactors_(reactors) {
    for (std::size_t i = 0; i < reactors.size(); ++i) names_.push_back(std::to_string(i));
  }

  template <class Read>
  void counter(Bytes name, Bytes help, Read read) {
    family(name, MetricKind::Counter, help, read);
  }
  template <class Read>
  void gauge(Bytes name, Bytes help, Read read) {
    family(name, MetricKind::Gauge, help, read);
  }
  template <class Write>
  void samples(Bytes name, MetricKind kind, Bytes help, Write write) {
    out_.family(name, kind, help);
    for (std::size_t i = 0; i < reactors_.size(); ++i) write(reactors_[i], Bytes(names_[i]));
  }

 private:
  template <class Read>
  void family(Bytes name, MetricKind kind, Bytes help, Read read) {
    samples(name, kind, help, [&](const ReactorCounts& counts, Bytes reactor) {
      out_.sample(static_cast<std::uint64_t>(read(counts)), {{"reactor", reactor}});
    });
  }

  MetricsText& out_;
  const std::vector<ReactorCounts>& reactors_;
  std::vector<std::string> names_;
};

void write_durations(MetricsText& out, const net::DurationHistogram& durations, Bytes reactor) {
  constexpr std::size_t kBounds = net::DurationHistogram::kBuckets - 1;
  std::array<double, kBounds> bounds{};
  for (std::size_t i = 0; i < kBounds; ++i) {
    bounds[i] = std::chrono::duration<double>(net::DurationHistogram::upper_bound(i)).count();
  }
  out.histogram({.bounds = bounds,
                 .counts = durations.counts(),
                 .sum = std::chrono::duration<double>(durations.sum()).count()},
                {{"reactor", reactor}});
}

void write_connections(PerReactor& metrics, MetricsText& out) {
  metrics.gauge("carillon_streams", "Open sockets.", [](const auto& c) { return c.streams; });
  metrics.samples("carillon_endpoints", MetricKind::Gauge, "Open endpoints by transport.",
                  [&](const ReactorCounts& counts, Bytes reactor) {
                    for (std::size_t i = 0; i < transport::kTransportKindCount; ++i) {
                      out.sample(
                          static_cast<std::uint64_t>(counts.transport.open[i]),
                          {{"reactor", reactor}, {"transport", transport::kTransportNames[i]}});
                    }
                  });
  metrics.samples("carillon_endpoints_opened_total", MetricKind::Counter,
                  "Endpoints opened since the start, by transport.",
                  [&](const ReactorCounts& counts, Bytes reactor) {
                    for (std::size_t i = 0; i < transport::kTransportKindCount; ++i) {
                      out.sample(
                          counts.transport.opened[i],
                          {{"reactor", reactor}, {"transport", transport::kTransportNames[i]}});
                    }
                  });
  metrics.samples("carillon_streams_closed_total", MetricKind::Counter, "Sockets closed, by cause.",
                  [&](const ReactorCounts& counts, Bytes reactor) {
                    for (std::size_t i = 0; i < net::kCloseCauseCount; ++i) {
                      out.sample(counts.net.streams_closed[i],
                                 {{"reactor", reactor}, {"cause", kCauseNames[i]}});
                    }
                  });
  metrics.counter("carillon_connections_accepted_total", "Connections accepted.",
                  [](const auto& c) { return c.net.connections_accepted; });
  metrics.counter("carillon_connections_refused_total",
                  "Connections refused: limits_hit_total says which limit it was.",
                  [](const auto& c) {
                    return c.net.descriptor_refusals + c.net.full_refusals + c.net.limited_refusals;
                  });
}

void write_http(PerReactor& metrics, MetricsText& out) {
  metrics.counter("carillon_http_requests_total", "Request heads read.",
                  [](const auto& c) { return c.transport.requests; });
  metrics.samples("carillon_http_responses_total", MetricKind::Counter, "Responses by status.",
                  [&](const ReactorCounts& counts, Bytes reactor) {
                    for (std::size_t i = 1; i < kStatusNames.size(); ++i) {
                      out.sample(counts.transport.responses[i],
                                 {{"reactor", reactor}, {"status", kStatusNames[i]}});
                    }
                  });
  metrics.samples("carillon_http_refusals_total", MetricKind::Counter,
                  "Requests refused at the door, by rule.",
                  [&](const ReactorCounts& counts, Bytes reactor) {
                    const auto& c = counts.transport;
                    out.sample(c.refused_hosts, {{"reactor", reactor}, {"rule", "host"}});
                    out.sample(c.refused_origins, {{"reactor", reactor}, {"rule", "origin"}});
                    out.sample(c.refused_proxies, {{"reactor", reactor}, {"rule", "proxy"}});
                    out.sample(c.refused_tokens, {{"reactor", reactor}, {"rule", "token"}});
                  });
  metrics.samples("carillon_proxy_headers_total", MetricKind::Counter,
                  "Connections to [server] proxy_protocol, by what became of their header.",
                  [&](const ReactorCounts& counts, Bytes reactor) {
                    const auto& c = counts.transport;
                    const auto result = [&](Bytes name, std::uint64_t count) {
                      out.sample(count, {{"reactor", reactor}, {"result", name}});
                    };
                    result("taken", c.proxy_headers);
                    result("untrusted", c.untrusted_forwarders);
                    result("malformed", c.bad_proxy_headers);
                    result("late", c.late_proxy_headers);
                  });
  metrics.counter(
      "carillon_protocol_errors_total", "Malformed HTTP or WebSocket input.",
      [](const auto& c) { return c.transport.parse_errors + c.transport.protocol_errors; });
  metrics.counter("carillon_timeouts_total", "Header, body, idle and pong time limits hit.",
                  [](const auto& c) { return c.transport.timeouts; });
  metrics.counter("carillon_commands_total", "Commands run.",
                  [](const auto& c) { return c.transport.commands; });
  metrics.counter("carillon_command_errors_total", "Commands answered with an error.",
                  [](const auto& c) { return c.transport.command_errors; });
}

void write_backend_calls(PerReactor& metrics, MetricsText& out) {
  metrics.samples("carillon_connect_calls_total", MetricKind::Counter,
                  "Questions to [access] connect_url, by what became of them.",
                  [&](const ReactorCounts& counts, Bytes reactor) {
                    const auto& c = counts.transport;
                    out.sample(c.allowed_connects, {{"reactor", reactor}, {"result", "allowed"}});
                    out.sample(c.refused_connects, {{"reactor", reactor}, {"result", "refused"}});
                    out.sample(c.failed_connects, {{"reactor", reactor}, {"result", "failed"}});
                  });
  metrics.counter("carillon_failed_token_checks_total",
                  "Tokens about which a program's verify_token did not say anything in time.",
                  [](const auto& c) { return c.transport.failed_verifications; });
  metrics.samples("carillon_token_key_fetches_total", MetricKind::Counter,
                  "Fetches of [access] token_keys, where that is a URL, by how they ended.",
                  [&](const ReactorCounts& counts, Bytes reactor) {
                    const auto& c = counts.transport;
                    out.sample(c.fetched_keys, {{"reactor", reactor}, {"result", "fetched"}});
                    out.sample(c.failed_key_fetches, {{"reactor", reactor}, {"result", "failed"}});
                  });
  metrics.samples("carillon_connect_call_seconds", MetricKind::Histogram,
                  "Time from a question to [access] connect_url to its end.",
                  [&](const ReactorCounts& counts, Bytes reactor) {
                    write_durations(out, counts.transport.connect_time, reactor);
                  });
}

void write_tls(PerReactor& metrics, MetricsText& out) {
  metrics.samples("carillon_tls_handshakes_total", MetricKind::Counter,
                  "TLS handshakes completed: in full, or resumed with a ticket.",
                  [&](const ReactorCounts& counts, Bytes reactor) {
                    out.sample(counts.net.tls_handshakes, {{"reactor", reactor}, {"kind", "full"}});
                    out.sample(counts.net.tls_resumptions,
                               {{"reactor", reactor}, {"kind", "resumed"}});
                  });
  metrics.samples("carillon_tls_refusals_total", MetricKind::Counter,
                  "Connections ended by TLS: it failed, the handshake took too long, or the peer "
                  "spoke HTTP without it.",
                  [&](const ReactorCounts& counts, Bytes reactor) {
                    const net::Probe& c = counts.net;
                    out.sample(c.tls_failures, {{"reactor", reactor}, {"reason", "failed"}});
                    out.sample(c.tls_timeouts, {{"reactor", reactor}, {"reason", "timeout"}});
                    out.sample(c.tls_plain_peers, {{"reactor", reactor}, {"reason", "plain_http"}});
                  });
}

void write_http2(PerReactor& metrics, MetricsText& out) {
  metrics.gauge("carillon_http2_connections", "Open HTTP/2 connections.",
                [](const auto& c) { return c.transport.http2_connections; });
  metrics.counter("carillon_http2_connections_opened_total", "HTTP/2 connections since the start.",
                  [](const auto& c) { return c.transport.http2_connections_opened; });
  metrics.gauge("carillon_http2_streams", "Open streams of HTTP/2 connections.",
                [](const auto& c) { return c.transport.http2_streams; });
  metrics.counter("carillon_http2_websockets_total",
                  "WebSockets opened over HTTP/2 (RFC 8441) since the start.",
                  [](const auto& c) { return c.transport.http2_websockets; });
  metrics.samples("carillon_http2_errors_total", MetricKind::Counter,
                  "HTTP/2 connections ended for what the peer did, by reason.",
                  [&](const ReactorCounts& counts, Bytes reactor) {
                    for (std::size_t i = 0; i < http2::kConnectionErrorCount; ++i) {
                      const auto error = static_cast<http2::ConnectionError>(i);
                      out.sample(counts.transport.http2_errors[i],
                                 {{"reactor", reactor}, {"reason", http2::name_of(error)}});
                    }
                  });
}

void write_certificates(MetricsText& out, const std::vector<CertificateEnd>& certificates) {
  if (certificates.empty()) return;
  out.family("carillon_tls_certificate_expiry_seconds", MetricKind::Gauge,
             "When each certificate ends, in seconds since 1970.");
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    constexpr std::int64_t kMicroseconds = 1'000'000;
    const auto seconds =
        static_cast<std::uint64_t>(certificates[i].expires.microseconds / kMicroseconds);
    out.sample(seconds, {{"certificate", std::to_string(i)}, {"name", certificates[i].name}});
  }
}

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
  write_http(metrics, out);
  write_backend_calls(metrics, out);
  write_tls(metrics, out);
  write_http2(metrics, out);
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
