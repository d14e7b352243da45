// The retained publications of one channel and its numbering: a ring without gaps in its offsets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/position.hpp"
#include "core/time.hpp"
#include "hub/namespace_settings.hpp"
#include "hub/page.hpp"
#include "hub/publication.hpp"

namespace carillon::cluster {

/// Where the numbering of a channel's life stands: what is left of it when its history is gone.
struct Numbering {
  Epoch epoch;
  std::uint64_t last_offset = 0;
  /// Of the last publication; before the first: when the life began. The next one is later.
  Timestamp last_timestamp;
};

/// What left a log.
struct Pruned {
  std::size_t count = 0;
  std::size_t bytes = 0;
  Pruned& operator+=(const Pruned& other) {
    count += other.count;
    bytes += other.bytes;
    return *this;
  }
};

class ChannelLog {
 public:
  /// Nothing up to `numbering` is retained.
  explicit ChannelLog(const Numbering& numbering)
      : numbering_(numbering), missing_until_(numbering.last_timestamp) {}

  const Numbering& numbering() const { return numbering_; }
  /// Where a log that retains the same began: appending what is retained leads here again.
  Numbering base() const { return {numbering_.epoch, oldest().offset, missing_until_}; }
  Position top() const { return {numbering_.epoch, numbering_.last_offset}; }
  /// Reading after it gives all that is retained.
  Position oldest() const { return {numbering_.epoch, numbering_.last_offset - size_}; }
  std::size_t size() const { return size_; }
  bool is_empty() const { return size_ == 0; }
  std::size_t bytes() const { return bytes_; }

  /// What the next publication bears: max(now, last + 1 µs), so that timestamps tell the order.
  Position next_position() const { return {numbering_.epoch, numbering_.last_offset + 1}; }
  Timestamp next_timestamp(Timestamp now) const;
  /// Lengthens the log by the publication at `next_position()`, with a later timestamp.
  void append(hub::PublicationPtr publication);

  /// Keeps to the bounds of its namespace.
  Pruned prune(const hub::NamespaceSettings& settings, Timestamp now);
  /// Only when not empty.
  Pruned drop_oldest();

  hub::Page read(const hub::ReadStart& start, std::size_t limit) const;

  /// The same as another life: positions that readers have got so far mean nothing in it.
  ChannelLog renewed(const Epoch& epoch) const;

  template <class Visit>
  void for_each(Visit visit) const {
    for (std::size_t index = 0; index < size_; ++index) visit(at(index));
  }

 private:
  const hub::PublicationPtr& at(std::size_t index) const {
    return ring_[(head_ + index) & (ring_.size() - 1)];
  }
  void grow();
  hub::Page page(std::size_t first, std::size_t count, std::uint64_t begin_offset) const;
  hub::Page read_after(const hub::After& start, std::size_t limit) const;
  hub::Page read_since(const hub::Since& start, std::size_t limit) const;
  hub::Page read_latest(std::size_t limit) const;
  hub::Page read_before(const hub::Before& start, std::size_t limit) const;

  Numbering numbering_;
  /// Publications with timestamps up to here may be missing: the newest one that was pruned, or
  /// when this life began.
  Timestamp missing_until_;
  std::vector<hub::PublicationPtr> ring_;  // as long as a power of two
  std::size_t head_ = 0;                   // of the oldest
  std::size_t size_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace carillon::cluster
