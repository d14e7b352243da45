#include "client/follower.hpp"

#include <utility>

#include "core/random.hpp"

namespace carillon::client {

Follower::Follower(net::Reactor& reactor, FollowOptions options, FollowListener& listener)
    : reactor_(reactor),
      options_(std::move(options)),
      listener_(listener),
      positions_(options_.after) {
  positions_.resize(options_.read.channels.size());
}

Follower::~Follower() {
  stop();
}

void Follower::start() {
  connect();
}

void Follower::stop() {
  stopped_ = true;
  reactor_.cancel(std::exchange(next_connect_, {}));
  if (reader_) reader_->stop();
}

void Follower::connect() {
  connected_at_ = reactor_.now();
  reader_ =
      options_.history > 0
          ? make_history_reader(options_.history, reactor_, options_.client, options_.read, *this)
          : make_reader(options_.transport, reactor_, options_.client, options_.read, *this);
  reader_->start(positions_);
}

/// From a timer, because the reader that is replaced may be in the middle of a callback now.
void Follower::connect_after(Duration wait) {
  next_connect_ = reactor_.after(wait, [this] { connect(); });
}

void Follower::on_message(std::size_t channel, const Message& message) {
  auto& position = positions_[channel];
  const bool is_known = position && position->epoch == message.position.epoch &&
                        message.position.offset <= position->offset;
  if (is_known) return;
  position = message.position;
  backoff_.reset();
  listener_.on_message(name(channel), message);
}

void Follower::on_ephemeral(std::size_t channel, const Ephemeral& ephemeral) {
  backoff_.reset();
  listener_.on_ephemeral(name(channel), ephemeral);
}

void Follower::on_position(std::size_t channel, const Position& position) {
  positions_[channel] = position;
}

void Follower::on_gap(std::size_t channel, const Position& position) {
  positions_[channel] = position;
  listener_.on_gap(name(channel), position);
}

void Follower::on_not_contiguous() {
  if (!std::exchange(told_not_contiguous_, true)) listener_.on_not_contiguous();
}

void Follower::on_reader_done() {
  options_.history = 0;
  connect_after(Duration::zero());
}

void Follower::on_reader_failed(const Failure& failure) {
  if (failure.remedy == Remedy::None) {
    stop();
    return listener_.on_refused(failure);
  }
  const Duration wait = wait_after(failure);
  connect_after(wait);
  listener_.on_lost(failure, wait);
}

/// A server that closes gives each client a moment of its own; other advice is the same for all, so
/// it is spread here.
Duration Follower::wait_after(const Failure& failure) {
  if (reactor_.now() - connected_at_ >= limits::kProvenTime) backoff_.reset();
  if (failure.kind == FailureKind::Closing && failure.wait) return *failure.wait;
  return failure.wait.value_or(Duration::zero()) + backoff_.next(random_u64());
}

}  // namespace carillon::client
