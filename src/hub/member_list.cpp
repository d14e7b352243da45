#include "hub/member_list.hpp"

#include <utility>

namespace carillon::hub {

Member& MemberList::add(Subscriber& subscriber) {
  const auto index = static_cast<std::uint32_t>(members_.size());
  Member& member = members_.emplace_back();
  member.subscriber = &subscriber;
  member.form = subscriber.wire_form();
  member.id = {places_.insert({.channel = &channel_, .index = index})};
  return member;
}

void MemberList::remove(std::size_t index) {
  places_.erase(members_[index].id.handle);
  if (index < cursor_) {
    // The last visited one fills the hole, and the last one of all fills that one's.
    --cursor_;
    move(cursor_, index);
    index = cursor_;
  }
  move(members_.size() - 1, index);
  members_.pop_back();
  if (members_.empty()) members_.shrink_to_fit();  // an idle channel holds no buffer
}

void MemberList::move(std::size_t from, std::size_t to) {
  if (from == to) return;
  members_[to] = std::move(members_[from]);
  places_.find(members_[to].id.handle)->index = static_cast<std::uint32_t>(to);
}

}  // namespace carillon::hub
