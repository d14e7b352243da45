#include "transport/http2/connection.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

#include "core/log.hpp"
#include "net/reactor.hpp"

namespace carillon::transport {
namespace {

/// Octets of frames that may wait in front of the socket: what follows waits in the streams'
/// outboxes, where each has its own limit, and can still be overtaken by other streams.
constexpr std::size_t kOutboxBytes = 128 * 1024;
/// Octets of frames that are made at a time.
constexpr std::size_t kTurnBytes = 32 * 1024;
/// Bodies of requests that a connection may have under way, as a multiple of the largest one.
constexpr std::size_t kBodies = 8;
/// Once the server stops: how long a connection may take to begin.
constexpr Duration kLastCallTime = std::chrono::milliseconds(250);

http2::Settings session_settings(const HttpSettings& http) {
  return {.streams = http2::limits::kStreams,
          .header_bytes = http.limits.header_bytes + http.limits.target_bytes,
          .extended_connect = http2::ExtendedConnect::On};
}

}  // namespace

Http2Connection::Http2Connection(Worker& worker, net::Stream& stream, Http2Turns& turns)
    : worker_(worker),
      stream_(stream),
      turns_(turns),
      session_(session_settings(worker.settings().http)),
      drainable_(worker.drainables().insert(this)),
      open_(worker.probe(), TransportKind::Http) {
  ++worker_.probe().http2_connections;
  ++worker_.probe().http2_connections_opened;
  want_turn();  // our SETTINGS
  watch_phase();
}

Http2Connection::~Http2Connection() {
  exchanges_.clear();
  worker_.drainables().erase(drainable_);
  --worker_.probe().http2_connections;
  if (waits_for_turn_) turns_.remove(*this);
}

// --- Octets in ----------------------------------------------------------------------------------

void Http2Connection::on_bytes(std::span<char> received) {
  // Its failure is seen in the turn, which says goodbye.
  [[maybe_unused]] const auto taken =
      session_.on_bytes(Bytes(received.data(), received.size()), worker_.reactor().now());
  want_turn();
  handle_events();
  watch_phase();
}

void Http2Connection::handle_events() {
  while (stream_.open()) {
    auto event = session_.poll();
    if (!event) return;
    std::visit([this](auto& each) { on_event(std::move(each)); }, *event);
  }
}

void Http2Connection::on_event(http2::HeadReceived event) {
  phase_.reset();
  auto& exchange = exchanges_[event.stream];
  exchange = std::make_unique<Http2Exchange>(*this, event.stream);
  exchange->on_head(std::move(event.head));
  if (worker_.draining()) go_away();
}

void Http2Connection::on_event(http2::BodyReceived event) {
  if (Http2Exchange* exchange = find(event.stream)) exchange->on_body(std::move(event.bytes));
}

void Http2Connection::on_event(const http2::RequestEnded& event) {
  if (Http2Exchange* exchange = find(event.stream)) exchange->on_request_end();
}

void Http2Connection::on_event(const http2::StreamDrained& event) {
  if (Http2Exchange* exchange = find(event.stream)) exchange->on_drained();
}

void Http2Connection::on_event(const http2::StreamEnded& event) {
  const auto found = exchanges_.find(event.stream);
  if (found == exchanges_.end()) return;
  const auto exchange = std::move(found->second);
  exchanges_.erase(found);
  exchange->on_closed(event.code == http2::ErrorCode::NoError ? net::CloseCause::PeerClosed
                                                              : net::CloseCause::Reset);
}

Http2Exchange* Http2Connection::find(http2::StreamId stream) {
  const auto found = exchanges_.find(stream);
  return found == exchanges_.end() ? nullptr : found->second.get();
}

bool Http2Connection::hold(std::size_t bytes) {
  if (held_bytes_ + bytes > kBodies * worker_.settings().http.body_bytes) {
    ++worker_.probe().refused_bodies;
    return false;
  }
  held_bytes_ += bytes;
  return true;
}

void Http2Connection::catch_up_soon(http2::StreamId stream) {
  worker_.reactor().defer([&worker = worker_, self = drainable_, stream] {
    Drainable** found = worker.drainables().find(self);
    if (found == nullptr) return;
    auto* connection = static_cast<Http2Connection*>(*found);
    if (Http2Exchange* exchange = connection->find(stream)) exchange->catch_up();
  });
}

// --- Octets out ---------------------------------------------------------------------------------

void Http2Connection::want_turn() {
  if (std::exchange(waits_for_turn_, true)) return;
  turns_.add(*this);
}

void Http2Connection::take_turn() {
  if (std::exchange(waits_for_turn_, false)) turns_.remove(*this);
  std::string& frames = turns_.scratch();
  bool made_some = true;
  while (stream_.open() && made_some && !stream_.congested() &&
         stream_.outbox_bytes() < kOutboxBytes) {
    frames.clear();
    made_some = session_.produce(frames, kTurnBytes);
    stream_.send(Bytes(frames));
    handle_events();
  }
  if (!stream_.open()) return;
  // What waits behind a full socket is congested as well.
  frames.clear();
  if (stream_.congested()) session_.produce(frames, 0);
  if (end_if_over()) return;
  if (made_some && !stream_.congested() && session_.has_output()) want_turn();
  watch_phase();
  watch_progress();
}

bool Http2Connection::end_if_over() {
  if (const auto error = session_.error()) {
    ++worker_.probe().http2_errors[static_cast<std::size_t>(*error)];
    log::debug("HTTP/2 with {} ended: {}", stream_.peer().to_text(), http2::name_of(*error));
    lose_all(net::CloseCause::Reset);
    stream_.close();
    return true;
  }
  if (!session_.is_over() || !exchanges_.empty()) return false;
  stream_.close();
  return true;
}

// --- Time ---------------------------------------------------------------------------------------

/// Starts the clock of the phase that was entered; one that goes on keeps its own, so that a
/// trickle of octets buys no time.
void Http2Connection::watch_phase() {
  const Phase entered = session_.awaits_head() ? Phase::Head
                        : exchanges_.empty()   ? Phase::Idle
                                               : Phase::None;
  if (phase_ == entered) return;
  phase_ = entered;
  if (entered == Phase::None) return stream_.set_deadline(std::nullopt);
  const HttpSettings& http = worker_.settings().http;
  const Duration time = worker_.draining()       ? kLastCallTime
                        : entered == Phase::Head ? http.header_time
                                                 : http.idle_time;
  stream_.set_deadline(worker_.reactor().now() + time);
}

void Http2Connection::on_deadline() {
  if (phase_ == Phase::Head) ++worker_.probe().timeouts;
  hang_up();
}

/// A reader that takes nothing of one stream holds what waits on it, and would for ever.
void Http2Connection::watch_progress() {
  if (waiting() || !session_.any_congested()) return;
  net::Reactor& reactor = worker_.reactor();
  reactor.timers().set(*this, reactor.now() + reactor.options().write_time_limit);
}

void Http2Connection::on_time() {
  if (!stream_.open()) return;
  for (const auto& [id, exchange] : exchanges_) {
    if (!exchange->stands_still() || stream_.congested()) continue;
    ++worker_.probe().stalled_streams;
    session_.reset(id, http2::ErrorCode::Cancel);
  }
  want_turn();
  watch_progress();
}

// --- Ends ---------------------------------------------------------------------------------------

void Http2Connection::on_end_of_input() {
  lose_all(net::CloseCause::PeerClosed);
  stream_.close();
}

void Http2Connection::on_closed(net::CloseCause cause) {
  lose_all(cause);
}

void Http2Connection::lose_all(net::CloseCause cause) {
  for (const auto& [id, exchange] : exchanges_) exchange->on_closed(cause);
}

void Http2Connection::go_away() {
  if (std::exchange(going_away_, true)) return;
  session_.go_away();
  want_turn();
}

void Http2Connection::drain(Duration reconnect_after) {
  go_away();
  for (const auto& [id, exchange] : exchanges_) exchange->on_shutdown(reconnect_after);
}

/// A GOAWAY, and the end.
void Http2Connection::hang_up() {
  go_away();
  std::string& frames = turns_.scratch();
  frames.clear();
  session_.produce(frames, kTurnBytes);
  stream_.send(Bytes(frames));
  lose_all(net::CloseCause::Reset);
  stream_.close();
}

}  // namespace carillon::transport
