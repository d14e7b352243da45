#include "facade/socket_io/home.hpp"

#include <algorithm>
#include <utility>

namespace carillon::facade {

// --- Who is there -------------------------------------------------------------------------------

bool SocketIoHome::add(const SocketIoId& id, SocketIoPlace place, std::string pid,
                       const std::vector<std::string>& rooms, std::optional<std::uint64_t> from) {
  const auto [at, is_new] = members_.try_emplace(id);
  if (!is_new) return false;
  Member& member = at->second;
  member.place = place;
  if (log_) {
    const std::uint64_t last = log_->last_number();
    member.trace = std::make_unique<Trace>(std::move(pid), from.value_or(last), last);
  }
  member.seats.reserve(rooms.size());
  for (const std::string& room : rooms) add_to(member, room);
  return true;
}

void SocketIoHome::join(const SocketIoId& id, const std::string& room) {
  if (Member* const member = find(id.text())) add_to(*member, room);
}

void SocketIoHome::leave(const SocketIoId& id, const std::string& room) {
  Member* const member = find(id.text());
  if (member == nullptr) return;
  if (const auto seat = seat_of(*member, room); seat != member->seats.end()) vacate(*member, seat);
}

void SocketIoHome::remove(const SocketIoId& id, const SocketIoPlace& place,
                          std::optional<std::any> data, TimePoint now) {
  const auto found = members_.find(id);
  if (found == members_.end() || found->second.place != place) return;
  Member& member = found->second;
  LostSession session{.sid = std::string(id.text()), .rooms = {}, .data = {}, .at = now};
  while (!member.seats.empty()) {
    session.rooms.insert(member.seats.back().room->first);
    vacate(member, member.seats.end() - 1);
  }
  if (member.trace && data) {
    session.data = *std::move(data);
    session.joined_at = member.trace->joined_at;
    session.last_sent = member.trace->last_sent;
    log_->keep(std::move(member.trace->pid), std::move(session));
  }
  members_.erase(found);
}

SocketIoHome::Member* SocketIoHome::find(std::string_view id) {
  const auto parsed = SocketIoId::parse(id);
  const auto found = parsed ? members_.find(*parsed) : members_.end();
  return found == members_.end() ? nullptr : &found->second;
}

void SocketIoHome::add_to(Member& member, const std::string& room) {
  if (find(room) == &member || seat_of(member, room) != member.seats.end()) return;
  Room& entered = *rooms_.try_emplace(room).first;
  member.seats.push_back({.room = &entered, .index = entered.second.size()});
  entered.second.push_back(&member);
}

std::vector<SocketIoHome::Seat>::iterator SocketIoHome::seat_of(Member& member,
                                                                const std::string& room) {
  return std::ranges::find_if(member.seats,
                              [&](const Seat& each) { return each.room->first == room; });
}

/// Whoever came last to the room takes the place there, so that no gap stays.
void SocketIoHome::vacate(Member& member, std::vector<Seat>::iterator seat) {
  const auto [room, index] = *seat;
  *seat = member.seats.back();
  member.seats.pop_back();
  std::vector<Member*>& all = room->second;
  Member* const last = all.back();
  all.pop_back();
  if (last != &member) {
    all[index] = last;
    std::ranges::find(last->seats, room, &Seat::room)->index = index;
  }
  if (all.empty()) rooms_.erase(rooms_.find(room->first));
}

// --- Who is meant -------------------------------------------------------------------------------

SocketIoPlaces SocketIoHome::places(const SocketIoTarget& target, std::uint64_t number) {
  const std::vector<Member*> meant = those(target);
  if (number != 0) {
    for (Member* const each : meant) each->trace->last_sent = number;
  }
  return by_reactor(meant);
}

SocketIoPlaces SocketIoHome::join_all(const SocketIoTarget& target, const std::string& room) {
  const std::vector<Member*> meant = those(target);
  for (Member* const each : meant) add_to(*each, room);
  return by_reactor(meant);
}

SocketIoPlaces SocketIoHome::leave_all(const SocketIoTarget& target, const std::string& room) {
  const std::vector<Member*> meant = those(target);
  for (Member* const each : meant) {
    if (const auto seat = seat_of(*each, room); seat != each->seats.end()) vacate(*each, seat);
  }
  return by_reactor(meant);
}

/// Each once.
std::vector<SocketIoHome::Member*> SocketIoHome::in(const std::vector<std::string>& rooms) {
  std::vector<Member*> found;
  for (const std::string& room : rooms) {
    const auto others = rooms_.find(room);
    if (others != rooms_.end()) {
      found.insert(found.end(), others->second.begin(), others->second.end());
    }
    if (Member* const own = find(room)) found.push_back(own);
  }
  if (rooms.size() > 1) {
    std::ranges::sort(found);
    const auto doubles = std::ranges::unique(found);
    found.erase(doubles.begin(), doubles.end());
  }
  return found;
}

std::vector<SocketIoHome::Member*> SocketIoHome::those(const SocketIoTarget& target) {
  std::vector<Member*> found = in(target.rooms);
  if (target.rooms.empty()) {
    found.reserve(members_.size());
    for (auto& [id, member] : members_) found.push_back(&member);
  }
  if (target.except.empty()) return found;
  std::vector<Member*> others = in(target.except);
  std::ranges::sort(others);
  std::erase_if(found, [&](Member* each) { return std::ranges::binary_search(others, each); });
  return found;
}

SocketIoPlaces SocketIoHome::by_reactor(const std::vector<Member*>& members) {
  SocketIoPlaces places;
  std::vector<Handle>* sockets = nullptr;
  std::uint32_t reactor = 0;
  for (const Member* const each : members) {
    if (sockets == nullptr || each->place.reactor != reactor) {
      reactor = each->place.reactor;
      sockets = &places[reactor];
      if (sockets->empty()) sockets->reserve(members.size());
    }
    sockets->push_back(each->place.socket);
  }
  return places;
}

}  // namespace carillon::facade
