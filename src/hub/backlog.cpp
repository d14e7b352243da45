#include "hub/backlog.hpp"

#include <utility>

#include "core/check.hpp"

namespace carillon::hub {
namespace {

/// Shells that may lie about before they are swept out, beyond as many as there are live items.
constexpr std::size_t kShells = 64;

}  // namespace

Backlog::Backlog(OutboxPolicy policy, std::size_t limit_bytes, const Position& position,
                 HubCounts& counts)
    : policy_(policy), limit_bytes_(limit_bytes), position_(position), counts_(counts) {}

Backlog::~Backlog() {
  counts_.backlog_bytes -= bytes_;
}

void Backlog::push(const PublicationPtr& publication, const SharedBytes& message) {
  const bool conflates = policy_ == OutboxPolicy::Conflate && !publication->key.empty();
  if (conflates) replace(*publication);
  items_.push_back({publication, message});
  if (conflates) by_key_[publication->key] = front_number_ + items_.size() - 1;
  const std::size_t size = publication->footprint_bytes();
  bytes_ += size;
  counts_.backlog_bytes += size;
  while (bytes_ > limit_bytes_ && items_.size() > 1) drop_front();
  if (replaced_count_ > kShells + items_.size() / 2) sweep();
}

void Backlog::push_gap(const Position& position) {
  skip_replaced();
  if (items_.empty()) {
    gap_at_front_ = true;
    dropped_until_ = position;
    return;
  }
  if (items_.back().is_gap) {
    gaps_.back() = position;  // two in a row are one
    return;
  }
  items_.push_back({.publication = nullptr, .message = {}, .is_gap = true});
  gaps_.push_back(position);
}

void Backlog::replace(const Publication& publication) {
  const auto found = by_key_.find(publication.key);
  if (found == by_key_.end()) return;
  Item& item = items_[found->second - front_number_];
  by_key_.erase(found);  // its view ends with the publication
  const std::size_t size = item.publication->footprint_bytes();
  bytes_ -= size;
  counts_.backlog_bytes -= size;
  ++counts_.conflated;
  item = {};
  ++replaced_count_;
}

void Backlog::drop_front() {
  const Item& front = items_.front();
  if (front.is_gap) {
    gap_at_front_ = true;
    dropped_until_ = gaps_.front();
  } else if (front.publication) {
    ++counts_.dropped_oldest;
    if (front.publication->is_kept()) {
      gap_at_front_ = true;
      dropped_until_ = front.publication->position;
    }
  }
  remove_front();
}

void Backlog::remove_front() {
  const Item& front = items_.front();
  if (front.is_gap) {
    gaps_.pop_front();
  } else if (front.publication) {
    forget_key(*front.publication);
    const std::size_t size = front.publication->footprint_bytes();
    bytes_ -= size;
    counts_.backlog_bytes -= size;
  } else {
    --replaced_count_;
  }
  items_.pop_front();
  ++front_number_;
}

void Backlog::forget_key(const Publication& oldest) {
  if (policy_ != OutboxPolicy::Conflate || oldest.key.empty()) return;
  const auto found = by_key_.find(oldest.key);
  if (found != by_key_.end() && found->second == front_number_) by_key_.erase(found);
}

void Backlog::skip_replaced() {
  while (!items_.empty() && !items_.front().publication && !items_.front().is_gap) remove_front();
}

void Backlog::sweep() {
  std::erase_if(items_, [](const Item& item) { return !item.publication && !item.is_gap; });
  replaced_count_ = 0;
  by_key_.clear();
  for (std::size_t index = 0; index < items_.size(); ++index) {
    const PublicationPtr& publication = items_[index].publication;
    if (publication && !publication->key.empty()) by_key_[publication->key] = front_number_ + index;
  }
}

Backlog::Piece Backlog::take(std::size_t limit) {
  CARILLON_CHECK(!is_empty());
  skip_replaced();
  Piece piece;
  if (std::exchange(gap_at_front_, false)) {
    position_ = dropped_until_;
    piece.is_gap = true;
  } else if (items_.front().is_gap) {
    position_ = gaps_.front();
    piece.is_gap = true;
    remove_front();
  }
  while (!piece.is_gap && !items_.empty() && !items_.front().is_gap &&
         piece.publications.size() < limit) {
    Item& front = items_.front();
    if (front.publication) {
      if (front.publication->is_kept()) position_ = front.publication->position;
      piece.publications.push_back(front.publication);
      piece.messages.push_back(std::move(front.message));
    }
    remove_front();
  }
  piece.position = position_;
  skip_replaced();
  return piece;
}

}  // namespace carillon::hub
