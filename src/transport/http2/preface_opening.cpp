#include "transport/http2/preface_opening.hpp"

#include <chrono>
#include <optional>
#include <utility>

#include "net/reactor.hpp"
#include "protocol/http2/frame_header.hpp"

namespace carillon::transport {
namespace {

/// Once the server stops: how long a beginning that is on its way may take.
constexpr Duration kLastCallTime = std::chrono::milliseconds(250);

}  // namespace

PrefaceOpening::PrefaceOpening(Worker& worker, net::Stream& stream, PrefaceChoice choice)
    : worker_(worker),
      stream_(stream),
      choice_(std::move(choice)),
      drainable_(worker.drainables().insert(this)) {
  const Duration time = worker_.draining() ? kLastCallTime : worker_.settings().http.header_time;
  stream_.set_deadline(worker_.reactor().now() + time);
}

PrefaceOpening::~PrefaceOpening() {
  worker_.drainables().erase(drainable_);
}

void PrefaceOpening::on_bytes(std::span<char> received) {
  received_.append(received.data(), received.size());
  if (received_.starts_with(http2::kPreface)) return hand_over(*choice_.http2);
  if (!http2::kPreface.starts_with(received_)) return hand_over(*choice_.other);
}

/// Part of a preface is nobody's request.
void PrefaceOpening::on_end_of_input() {
  stream_.close();
}

void PrefaceOpening::hand_over(const net::HandlerFactory& next) {
  worker_.drainables().erase(std::exchange(drainable_, {}));
  std::string received = std::exchange(received_, {});
  stream_.set_deadline(std::nullopt);
  auto handler = next(stream_);
  if (!handler) return stream_.abort();
  stream_.replace_handler(std::move(handler));  // this one lives on until the end of the tick
  stream_.handler().on_bytes(received);
}

void PrefaceOpening::drain(Duration /*reconnect_after*/) {
  stream_.set_deadline(worker_.reactor().now() + kLastCallTime);
}

}  // namespace carillon::transport
