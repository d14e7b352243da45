#include "server/metrics_connections.hpp"

#include <array>
#include <chrono>
#include <string_view>

namespace carillon::server {
namespace {

constexpr std::array<Bytes, net::kCloseCauseCount> kCauseNames = {
    "local", "peer", "reset", "write_timeout", "exception", "shutdown", "moved"};
constexpr std::array<Bytes, 6> kStatusNames = {"", "1xx", "2xx", "3xx", "4xx", "5xx"};

void write_streams(PerReactor& metrics, MetricsText& out) {
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

}  // namespace

void write_connections(PerReactor& metrics, MetricsText& out) {
  write_streams(metrics, out);
  write_http(metrics, out);
  write_backend_calls(metrics, out);
  write_tls(metrics, out);
  write_http2(metrics, out);
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

}  // namespace carillon::server
