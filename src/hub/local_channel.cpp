#include "hub/local_channel.hpp"

#include <algorithm>
#include <utility>

#include "hub/limits.hpp"

namespace carillon::hub {
namespace {

/// Whether a reader at `position` has what is at `other` too, as far as can be told.
bool is_at_or_after(const Position& position, const Position& other) {
  return position.epoch == other.epoch && position.offset >= other.offset;
}

}  // namespace

LocalChannel::LocalChannel(std::string name, const NamespaceSettings& settings,
                           const ChannelContext& context)
    : name_(std::move(name)),
      settings_(settings),
      context_(context),
      members_(*this, context.places) {}

void LocalChannel::on_publication(const PublicationPtr& publication) {
  // It began without presence: nobody who listens was asked whether they may hear of it.
  if (publication->change && !settings_.presence) return;
  if (!publication->is_kept()) {
    if (state_ == State::Live && has_room()) return append(publication);
    if (state_ == State::Live) ++context_.probe.count().dropped_pending;
    if (state_ == State::CatchingUp) ++context_.probe.count().dropped_behind;
    return;
  }
  const Position& at = publication->position;
  if (state_ != State::Live) return want(at);
  if (is_at_or_after(position_, at)) return;  // heard before
  const bool is_next = at.epoch == position_.epoch && at.offset == position_.offset + 1;
  if (is_next && has_room()) return append(publication);
  if (is_next) ++context_.probe.count().deferred_pending;
  want(at);
}

void LocalChannel::on_joined(const Position& top) {
  if (state_ != State::New) return on_top(top);
  position_ = top;
  state_ = State::Live;
  if (wanted_.epoch == top.epoch && wanted_.offset > top.offset) state_ = State::CatchingUp;
}

void LocalChannel::on_top(const Position& top) {
  if (state_ == State::New || !is_at_or_after(position_, top)) want(top);
}

void LocalChannel::want(const Position& position) {
  const bool is_older = is_at_or_after(wanted_, position);
  if (state_ == State::Live || !is_older) wanted_ = position;
  if (state_ == State::Live) state_ = State::CatchingUp;
}

bool LocalChannel::wants_to_read() const {
  return state_ == State::CatchingUp && !is_reading_ && batches_.empty() && !members_.is_empty();
}

ReadRequest LocalChannel::begin_read() {
  is_reading_ = true;
  ++context_.probe.count().catch_up_reads;
  return {.channel = name_, .start = After{position_}, .limit = limits::kPagePublications};
}

bool LocalChannel::on_read(const Page& page) {
  is_reading_ = false;
  if (state_ != State::CatchingUp) return true;
  // A log that ends before what it gave earlier is a stale copy of itself: nothing to learn.
  if (page.continuity == Continuity::Future) return on_fruitless_read();
  const Position before = position_;
  if (page.continuity != Continuity::Unbroken) append_gap(page.begin);
  for (const PublicationPtr& publication : page.publications) {
    if (!is_at_or_after(position_, publication->position)) append(publication);
  }
  // All that the log has is read, also what was published since `wanted_` was heard of.
  if (page.top.epoch == wanted_.epoch) wanted_.offset = std::max(wanted_.offset, page.top.offset);
  if (is_at_or_after(position_, wanted_)) {
    state_ = State::Live;
  } else if (position_ == before) {
    return on_fruitless_read();
  }
  fruitless_reads_ = 0;
  return true;
}

bool LocalChannel::on_fruitless_read() {
  if (++fruitless_reads_ < limits::kFruitlessReads) return false;
  fruitless_reads_ = 0;
  // What was heard of is nowhere to be had. Of another epoch it says nothing about this one.
  if (wanted_.epoch == position_.epoch && wanted_.offset > position_.offset) append_gap(wanted_);
  state_ = State::Live;
  return true;
}

void LocalChannel::on_emptied() {
  if (state_ != State::CatchingUp || is_reading_) return;
  state_ = State::New;
  wanted_ = {};
}

bool LocalChannel::has_room() const {
  const bool is_open = batches_.size() > (is_walking_ ? 1U : 0U);
  if (!is_open) return true;
  const Batch& batch = *batches_.back();
  return batch.publications().size() < limits::kPendingPublications &&
         batch.footprint_bytes() < limits::kPendingBytes;
}

Batch& LocalChannel::open_batch() {
  const bool is_open = batches_.size() > (is_walking_ ? 1U : 0U);
  if (!is_open) batches_.push_back(context_.batches.take(sequence_ + 1, position_));
  return *batches_.back();
}

void LocalChannel::append(const PublicationPtr& publication) {
  if (!members_.is_empty()) {
    open_batch().add(publication);
    ++sequence_;
  }
  if (publication->is_kept()) position_ = publication->position;
}

void LocalChannel::append_gap(const Position& position) {
  if (!members_.is_empty()) {
    // A gap begins a batch.
    batches_.push_back(context_.batches.take(++sequence_, position_));
    batches_.back()->add_gap(position);
  }
  position_ = position;
}

std::chrono::microseconds LocalChannel::hold() const {
  using std::chrono::microseconds;
  if (settings_.flush_interval == microseconds::zero()) return microseconds::zero();
  if (is_walking_ || batches_.size() != 1) return microseconds::zero();
  const Batch& batch = *batches_.front();
  if (batch.gap() || batch.footprint_bytes() >= limits::kHeldBytes) return microseconds::zero();
  return pacer_.hold(context_.clock.now(), settings_.flush_interval);
}

void LocalChannel::begin_walk() {
  is_walking_ = true;
  members_.begin_walk();
  if (settings_.flush_interval == std::chrono::microseconds::zero()) return;
  pacer_.on_flush(context_.clock.now(), settings_.flush_interval,
                  batches_.front()->publications().size(), members_.size());
}

std::size_t LocalChannel::walk(std::size_t budget) {
  Batch& batch = *batches_.front();
  if (!is_walking_) begin_walk();
  const std::uint64_t before = context_.probe.counts().deliveries;
  std::size_t visited = 0;
  Member* member = nullptr;
  while (visited < budget && (member = members_.visit_next()) != nullptr) {
    ++visited;
    context_.handover.hand(*member, batch, settings_);
  }
  if (!batch.publications().empty()) {
    const Timestamp oldest = batch.publications().front()->timestamp;
    context_.probe.waited(context_.clock.now().microseconds - oldest.microseconds,
                          context_.probe.counts().deliveries - before);
  }
  if (members_.is_all_visited()) end_walk();
  return visited;
}

void LocalChannel::end_walk() {
  is_walking_ = false;
  context_.batches.give_back(std::move(batches_.front()));
  batches_.erase(batches_.begin());
}

}  // namespace carillon::hub
