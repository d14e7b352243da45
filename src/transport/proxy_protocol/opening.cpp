#include "transport/proxy_protocol/opening.hpp"

#include <bit>
#include <chrono>
#include <cstdint>
#include <utility>

#include "core/log.hpp"
#include "net/reactor.hpp"
#include "transport/common/admission.hpp"
#include "transport/common/limiter.hpp"

namespace carillon::transport {
namespace {

/// Once the server stops: how long a header that is on its way may take.
constexpr Duration kLastCallTime = std::chrono::milliseconds(250);

net::Family family_of(proxy::Family family) {
  switch (family) {
    case proxy::Family::Ipv4:
      return net::Family::Ipv4;
    case proxy::Family::Ipv6:
      return net::Family::Ipv6;
    case proxy::Family::Unix:
    case proxy::Family::Unspecified:
      break;
  }
  return net::Family::None;
}

/// Now and then, the first time included: whoever can reach the address could fill the log.
void tell(const net::Stream& stream, Bytes why, std::uint64_t count) {
  if (!std::has_single_bit(count)) return;
  log::warn(
      "[server] proxy_protocol: a connection from {} was refused: {} ({} of this kind so far)",
      stream.peer().to_text(), why, count);
}

}  // namespace

std::unique_ptr<net::StreamHandler> open_forwarded(
    Worker& worker, net::Stream& stream, std::shared_ptr<const net::HandlerFactory> next) {
  if (!worker.settings().policy.trusted_proxies.contains(ip_address(stream.peer()))) {
    tell(stream, "its peer is not in [access] trusted_proxies",
         ++worker.probe().untrusted_forwarders);
    return nullptr;
  }
  return std::make_unique<ForwardedOpening>(worker, stream, std::move(next));
}

ForwardedOpening::ForwardedOpening(Worker& worker, net::Stream& stream,
                                   std::shared_ptr<const net::HandlerFactory> next)
    : worker_(worker),
      stream_(stream),
      next_(std::move(next)),
      drainable_(worker.drainables().insert(this)) {
  const Duration time = worker_.draining() ? kLastCallTime : worker_.settings().http.header_time;
  stream_.set_deadline(worker_.reactor().now() + time);
}

ForwardedOpening::~ForwardedOpening() {
  worker_.drainables().erase(drainable_);
}

void ForwardedOpening::on_bytes(std::span<char> received) {
  received_.append(received.data(), received.size());
  const auto header = proxy::parse_header(received_);
  if (!header) {
    return refuse(proxy::describe(header.error()), ++worker_.probe().bad_proxy_headers);
  }
  if (*header) hand_over(**header);
}

/// What is not a client's connection is the proxy's own, and stays it.
void ForwardedOpening::hand_over(const proxy::Header& header) {
  ++worker_.probe().proxy_headers;
  if (header.command == proxy::Command::Proxy) {
    auto client =
        net::PeerAddress::relayed(family_of(header.family), header.source_ip, header.source_port);
    const bool is_known = client.family() != net::Family::None;
    if (is_known && !enter_door(worker_, client, Told::ByHeader)) {
      worker_.reactor().probe().refused_as_limited();
      return stream_.close();
    }
    stream_.set_peer(client);
  }
  worker_.drainables().erase(std::exchange(drainable_, {}));
  std::string rest = received_.substr(header.header_bytes);
  stream_.set_deadline(std::nullopt);
  auto handler = (*next_)(stream_);
  if (!handler) return stream_.abort();
  stream_.replace_handler(std::move(handler));  // this one lives on until the end of the tick
  if (!rest.empty()) stream_.handler().on_bytes(rest);
}

void ForwardedOpening::on_end_of_input() {
  stream_.close();
}

void ForwardedOpening::on_deadline() {
  refuse("its PROXY header did not come in time ([http] header_s)",
         ++worker_.probe().late_proxy_headers);
}

void ForwardedOpening::drain(Duration /*reconnect_after*/) {
  stream_.set_deadline(worker_.reactor().now() + kLastCallTime);
}

void ForwardedOpening::refuse(Bytes why, std::uint64_t count) {
  tell(stream_, why, count);
  stream_.close();
}

}  // namespace carillon::transport
