// What was used least recently goes first: a doubly linked list through the entries themselves.
#pragma once

#include <cstddef>

namespace carillon::cluster {

/// An entry's place in one list.
template <class Entry>
struct RecencyHook {
  Entry* older = nullptr;
  Entry* newer = nullptr;
  bool is_linked = false;
};

/// Lifetime: entries do not move while they are linked, and are removed before they end.
template <class Entry, RecencyHook<Entry> Entry::* hook>
class RecencyList {
 public:
  Entry* oldest() const { return oldest_; }
  std::size_t size() const { return size_; }

  void add(Entry& entry) {
    RecencyHook<Entry>& place = entry.*hook;
    place = {.older = newest_, .newer = nullptr, .is_linked = true};
    (newest_ == nullptr ? oldest_ : (newest_->*hook).newer) = &entry;
    newest_ = &entry;
    ++size_;
  }

  /// Quiet when it is not in the list.
  void remove(Entry& entry) {
    RecencyHook<Entry>& place = entry.*hook;
    if (!place.is_linked) return;
    (place.older == nullptr ? oldest_ : (place.older->*hook).newer) = place.newer;
    (place.newer == nullptr ? newest_ : (place.newer->*hook).older) = place.older;
    place = {};
    --size_;
  }

  /// It was used just now. Quiet when it is not in the list.
  void touch(Entry& entry) {
    if (!(entry.*hook).is_linked || newest_ == &entry) return;
    remove(entry);
    add(entry);
  }

 private:
  Entry* oldest_ = nullptr;
  Entry* newest_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace carillon::cluster
