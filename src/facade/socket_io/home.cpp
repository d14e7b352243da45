#include "facade/socket_io/home.hpp"

#include <utility>

namespace carillon::facade {
namespace {

SocketIoPlaces by_reactor(const auto& members) {
  SocketIoPlaces places;
  for (const auto* const each : members) {
    places[each->place.reactor].push_back(each->place.socket);
  }
  return places;
}

}  // namespace

bool SocketIoHome::add(const std::string& sid, SocketIoPlace place, std::string pid,
                       const std::set<std::string>& rooms, std::optional<std::uint64_t> from) {
  const auto [at, is_new] = members_.try_emplace(sid);
  if (!is_new) return false;
  const std::uint64_t last = log_ ? log_->last_number() : 0;
  at->second = {.sid = sid,
                .place = place,
                .pid = std::move(pid),
                .rooms = {},
                .joined_at = from.value_or(last),
                .last_sent = last};
  for (const std::string& room : rooms) add_to(at->second, room);
  return true;
}

void SocketIoHome::join(const std::string& sid, const std::string& room) {
  if (Member* const member = find(sid)) add_to(*member, room);
}

void SocketIoHome::leave(const std::string& sid, const std::string& room) {
  if (Member* const member = find(sid)) remove_from(*member, room);
}

void SocketIoHome::remove(const std::string& sid, const SocketIoPlace& place,
                          std::optional<std::any> data, TimePoint now) {
  const auto found = members_.find(sid);
  if (found == members_.end() || found->second.place != place) return;
  Member& member = found->second;
  const std::set<std::string> rooms = member.rooms;
  for (const std::string& room : rooms) remove_from(member, room);
  if (log_ && data) {
    LostSession session{.sid = sid, .rooms = rooms, .data = *std::move(data), .at = now};
    session.joined_at = member.joined_at;
    session.last_sent = member.last_sent;
    log_->keep(std::move(member.pid), std::move(session));
  }
  members_.erase(found);
}

SocketIoPlaces SocketIoHome::places(const SocketIoTarget& target, std::uint64_t number) {
  const Members meant = those(target);
  if (number != 0) {
    for (Member* const each : meant) each->last_sent = number;
  }
  return by_reactor(meant);
}

SocketIoPlaces SocketIoHome::join_all(const SocketIoTarget& target, const std::string& room) {
  const Members meant = those(target);
  for (Member* const each : meant) add_to(*each, room);
  return by_reactor(meant);
}

SocketIoPlaces SocketIoHome::leave_all(const SocketIoTarget& target, const std::string& room) {
  const Members meant = those(target);
  for (Member* const each : meant) remove_from(*each, room);
  return by_reactor(meant);
}

SocketIoHome::Member* SocketIoHome::find(const std::string& sid) {
  const auto found = members_.find(sid);
  return found == members_.end() ? nullptr : &found->second;
}

void SocketIoHome::add_to(Member& member, const std::string& room) {
  if (room == member.sid || !member.rooms.insert(room).second) return;
  rooms_[room].insert(&member);
}

void SocketIoHome::remove_from(Member& member, const std::string& room) {
  if (member.rooms.erase(room) == 0) return;
  const auto found = rooms_.find(room);
  found->second.erase(&member);
  if (found->second.empty()) rooms_.erase(found);
}

SocketIoHome::Members SocketIoHome::in(const std::vector<std::string>& rooms) {
  Members found;
  for (const std::string& room : rooms) {
    if (Member* const own = find(room)) found.insert(own);
    const auto others = rooms_.find(room);
    if (others != rooms_.end()) found.insert(others->second.begin(), others->second.end());
  }
  return found;
}

SocketIoHome::Members SocketIoHome::those(const SocketIoTarget& target) {
  Members found = in(target.rooms);
  if (target.rooms.empty()) {
    for (auto& [sid, member] : members_) found.insert(&member);
  }
  for (Member* const each : in(target.except)) found.erase(each);
  return found;
}

}  // namespace carillon::facade
