#include "transport/http2/tunnel.hpp"

#include <utility>

#include "net/reactor.hpp"
#include "net/stream.hpp"
#include "transport/common/worker.hpp"
#include "transport/http2/connection.hpp"

namespace carillon::transport {

Http2Tunnel::Http2Tunnel(Http2Connection& connection, http2::StreamId id,
                         std::unique_ptr<net::StreamHandler> handler)
    : connection_(connection), id_(id), handler_(std::move(handler)) {}

/// Its handler's last words are said into a tunnel that is closed.
Http2Tunnel::~Http2Tunnel() {
  state_ = State::Gone;
  handler_.reset();
  retired_.reset();
}

void Http2Tunnel::send(SharedBytes segment) {
  if (!open()) return;
  connection_.session().send(id_, std::move(segment));
  connection_.want_turn();
}

void Http2Tunnel::send(Bytes piece) {
  if (!open()) return;
  connection_.session().send(id_, piece);
  connection_.want_turn();
}

std::size_t Http2Tunnel::outbox_bytes() const {
  return connection_.session().outbox_bytes(id_);
}

bool Http2Tunnel::congested() const {
  return connection_.session().congested(id_);
}

/// Not now: whoever asks for it is not ready yet.
void Http2Tunnel::resume_reading() {
  if (!std::exchange(paused_, false)) return;
  connection_.catch_up_soon(id_);
}

void Http2Tunnel::set_deadline(std::optional<TimePoint> deadline) {
  if (!open()) return;
  net::TimerWheel& timers = connection_.worker().reactor().timers();
  if (deadline) {
    timers.set(*this, *deadline);
  } else {
    timers.cancel(*this);
  }
}

void Http2Tunnel::close() {
  if (!open()) return;
  connection_.session().finish(id_);
  connection_.want_turn();
  retire(State::Lingering);
  net::Reactor& reactor = connection_.worker().reactor();
  reactor.timers().set(*this, reactor.now() + reactor.options().linger_time);
}

void Http2Tunnel::abort() {
  if (state_ == State::Gone) return;
  connection_.session().reset(id_, http2::ErrorCode::Cancel);
  connection_.want_turn();
  retire(State::Gone);
}

void Http2Tunnel::retire(State into) {
  connection_.worker().reactor().timers().cancel(*this);
  state_ = into;
  if (handler_) retired_ = std::move(handler_);  // it may be in the middle of a call
  connection_.session().consume(id_, unread_.size());
  unread_.clear();
  connection_.catch_up_soon(id_);
}

// --- What the connection tells ------------------------------------------------------------------

void Http2Tunnel::on_bytes(std::span<char> received) {
  if (open() && (paused_ || !unread_.empty())) {
    return keep_unread(Bytes(received.data(), received.size()));
  }
  connection_.session().consume(id_, received.size());
  connection_.want_turn();
  if (open()) handler_->on_bytes(received);
}

void Http2Tunnel::on_end_of_input() {
  input_ended_ = true;
  catch_up();
}

void Http2Tunnel::catch_up() {
  retired_.reset();
  if (!open() || paused_) return;
  if (!unread_.empty()) {
    std::string input = std::exchange(unread_, {});
    connection_.session().consume(id_, input.size());
    connection_.want_turn();
    handler_->on_bytes(input);
  }
  if (!open() || paused_ || !input_ended_ || std::exchange(end_told_, true)) return;
  handler_->on_end_of_input();
}

void Http2Tunnel::on_drained() {
  if (open()) handler_->on_drained();
}

void Http2Tunnel::on_closed(net::CloseCause cause) {
  const bool was_open = open();
  connection_.worker().reactor().timers().cancel(*this);
  state_ = State::Gone;
  if (was_open) handler_->on_closed(cause);
}

/// What it has not sent when it lingers goes on: how long that may take is the connection's affair.
void Http2Tunnel::on_time() {
  if (open()) return handler_->on_deadline();
  if (state_ != State::Lingering) return;
  if (outbox_bytes() > 0) {
    net::Reactor& reactor = connection_.worker().reactor();
    reactor.timers().set(*this, reactor.now() + reactor.options().linger_time);
    return;
  }
  state_ = State::Gone;
  connection_.session().reset(id_, http2::ErrorCode::NoError);
  connection_.want_turn();
}

}  // namespace carillon::transport
