#include "cluster/channel_log.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/check.hpp"

namespace carillon::cluster {
namespace {

using hub::Continuity;
using hub::Page;

constexpr std::size_t kSmallestRing = 4;

}  // namespace

Timestamp ChannelLog::next_timestamp(Timestamp now) const {
  return std::max(now, Timestamp{numbering_.last_timestamp.microseconds + 1});
}

void ChannelLog::append(hub::PublicationPtr publication) {
  CARILLON_CHECK(publication->position == next_position());
  if (size_ == ring_.size()) grow();
  numbering_.last_offset = publication->position.offset;
  numbering_.last_timestamp = publication->timestamp;
  bytes_ += publication->footprint_bytes();
  ring_[(head_ + size_) & (ring_.size() - 1)] = std::move(publication);
  ++size_;
}

void ChannelLog::grow() {
  std::vector<hub::PublicationPtr> larger(std::max(kSmallestRing, ring_.size() * 2));
  for (std::size_t index = 0; index < size_; ++index) {
    larger[index] = std::move(ring_[(head_ + index) & (ring_.size() - 1)]);
  }
  ring_ = std::move(larger);
  head_ = 0;
}

Pruned ChannelLog::drop_oldest() {
  CARILLON_CHECK(size_ > 0);
  const hub::PublicationPtr oldest = std::move(ring_[head_]);
  head_ = (head_ + 1) & (ring_.size() - 1);
  --size_;
  const std::size_t size = oldest->footprint_bytes();
  bytes_ -= size;
  missing_until_ = oldest->timestamp;
  if (size_ == 0) {
    ring_ = std::vector<hub::PublicationPtr>();  // an idle channel holds no buffer
    head_ = 0;
  }
  return {.count = 1, .bytes = size};
}

Pruned ChannelLog::prune(const hub::NamespaceSettings& settings, Timestamp now) {
  const std::int64_t age = std::chrono::microseconds(settings.history_age).count();
  Pruned pruned;
  while (size_ > 0) {
    const bool is_over = size_ > settings.history_count || bytes_ > settings.history_bytes;
    const bool is_old = now.microseconds - at(0)->timestamp.microseconds >= age;
    if (!is_over && !is_old) break;
    pruned += drop_oldest();
  }
  return pruned;
}

ChannelLog ChannelLog::renewed(const Epoch& epoch) const {
  Numbering start = base();
  start.epoch = epoch;
  ChannelLog log(start);
  for_each([&](const hub::PublicationPtr& publication) {
    log.append(hub::make_publication(
        {.channel = publication->channel,
         .data = publication->data,
         .data_kind = publication->data_kind,
         .publisher = {.user = publication->user, .client = publication->client},
         .key = publication->key},
        publication->kind, {epoch, publication->position.offset}, publication->timestamp));
  });
  // What is retained may be nothing, and then the base says all of it.
  log.numbering_ = {epoch, numbering_.last_offset, numbering_.last_timestamp};
  return log;
}

Page ChannelLog::read(const hub::ReadStart& start, std::size_t limit) const {
  if (const auto* after = std::get_if<hub::After>(&start)) return read_after(*after, limit);
  if (const auto* since = std::get_if<hub::Since>(&start)) return read_since(*since, limit);
  if (const auto* before = std::get_if<hub::Before>(&start)) return read_before(*before, limit);
  return read_latest(limit);
}

/// Those from index `first` on; the page begins after `begin_offset`.
Page ChannelLog::page(std::size_t first, std::size_t count, std::uint64_t begin_offset) const {
  Page page;
  page.publications.reserve(count);
  for (std::size_t index = first; index < first + count; ++index) {
    page.publications.push_back(at(index));
  }
  page.begin = {numbering_.epoch, begin_offset};
  page.position = page.publications.empty() ? page.begin : page.publications.back()->position;
  page.oldest = oldest();
  page.top = top();
  page.at_end = first + count == size_;
  return page;
}

Page ChannelLog::read_after(const hub::After& start, std::size_t limit) const {
  const Position& wished = start.position;
  const std::uint64_t oldest_offset = oldest().offset;
  if (wished.epoch == numbering_.epoch && wished.offset > numbering_.last_offset) {
    Page page = this->page(size_, 0, numbering_.last_offset);
    page.continuity = Continuity::Future;
    return page;
  }
  if (wished.epoch != numbering_.epoch || wished.offset < oldest_offset) {
    Page page = this->page(0, std::min(limit, size_), oldest_offset);
    page.continuity =
        wished.epoch == numbering_.epoch ? Continuity::Pruned : Continuity::OtherEpoch;
    return page;
  }
  const std::size_t first = wished.offset - oldest_offset;
  return page(first, std::min(limit, size_ - first), wished.offset);
}

Page ChannelLog::read_since(const hub::Since& start, std::size_t limit) const {
  std::size_t first = 0;
  for (std::size_t count = size_; count > 0;) {
    const std::size_t half = count / 2;
    if (at(first + half)->timestamp <= start.timestamp) {
      first += half + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  Page page = this->page(first, std::min(limit, size_ - first), oldest().offset + first);
  // Who asks for everything from the start of time has no place in the channel to lose; of what
  // was before this life it was never promised anything.
  const bool is_missing =
      start.timestamp == Timestamp{} ? oldest().offset > 0 : start.timestamp < missing_until_;
  if (is_missing) page.continuity = Continuity::Pruned;
  return page;
}

Page ChannelLog::read_latest(std::size_t limit) const {
  const std::size_t count = std::min(limit, size_);
  return page(size_ - count, count, numbering_.last_offset - count);
}

Page ChannelLog::read_before(const hub::Before& start, std::size_t limit) const {
  const Position& wished = start.position;
  const bool is_known = wished.epoch == numbering_.epoch;
  const std::uint64_t oldest_offset = oldest().offset;
  const std::uint64_t end = std::min(wished.offset, numbering_.last_offset + 1);
  const std::size_t older = is_known && end > oldest_offset + 1 ? end - oldest_offset - 1 : 0;
  const std::size_t count = std::min(limit, older);
  Page page = this->page(older - count, count, oldest_offset + older - count);
  page.position = count > 0 ? page.publications.front()->position : wished;
  page.at_end = count == older;
  if (!is_known) {
    page.continuity = Continuity::OtherEpoch;
  } else if (older == 0 && end > 1) {
    page.continuity = Continuity::Pruned;
  }
  return page;
}

}  // namespace carillon::cluster
