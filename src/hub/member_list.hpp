// The subscriptions of one channel on one reactor, and the table in which their ids find them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/slot_table.hpp"
#include "hub/member.hpp"

namespace carillon::hub {

class LocalChannel;

/// Where a subscription is now.
struct MemberPlace {
  LocalChannel* channel = nullptr;
  std::uint32_t index = 0;
};

/// All subscriptions of a reactor.
using MemberPlaces = SlotTable<MemberPlace>;

/// A walk over the members may be interrupted at any point, and members may come and go
/// meanwhile: those before the cursor have been visited, new ones join at the end, and a removal
/// keeps that division, so that a walk visits each once.
class MemberList {
 public:
  /// Lifetime: `places` outlives the list.
  MemberList(LocalChannel& channel, MemberPlaces& places) : channel_(channel), places_(places) {}

  /// A new subscription, which hears nothing yet.
  Member& add(Subscriber& subscriber);
  void remove(std::size_t index);

  std::size_t size() const { return members_.size(); }
  bool is_empty() const { return members_.empty(); }
  Member& at(std::size_t index) { return members_[index]; }

  void begin_walk() { cursor_ = 0; }
  bool is_all_visited() const { return cursor_ >= members_.size(); }
  /// The next one, which counts as visited from then on; null at the end.
  /// Lifetime: until members come or go.
  Member* visit_next() { return cursor_ < members_.size() ? &members_[cursor_++] : nullptr; }

 private:
  void move(std::size_t from, std::size_t to);

  LocalChannel& channel_;
  MemberPlaces& places_;
  std::vector<Member> members_;
  std::size_t cursor_ = 0;
};

}  // namespace carillon::hub
