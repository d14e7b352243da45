#include "facade/socket_io/recovery.hpp"

#include <algorithm>
#include <utility>

namespace carillon::facade {
namespace {

bool contains_any(const std::set<std::string>& rooms, const std::vector<std::string>& wanted) {
  return std::ranges::any_of(wanted, [&](const std::string& room) { return rooms.contains(room); });
}

bool is_for(const SocketIoTarget& target, const std::set<std::string>& rooms) {
  if (contains_any(rooms, target.except)) return false;
  return target.rooms.empty() || contains_any(rooms, target.rooms);
}

}  // namespace

void RecoveryLog::append(SocketIoPacketPtr packet, SocketIoTarget target, TimePoint now) {
  bytes_ += packet->bytes();
  ++last_number_;
  entries_.push_back({.packet = std::move(packet), .target = std::move(target), .at = now});
  prune_packets(now);
}

void RecoveryLog::keep(std::string pid, LostSession session) {
  prune_sessions(session.at);
  if (leavings_.size() >= limits_.sessions) return;
  session.left_at = last_number_;
  leavings_.push_back({.pid = pid, .at = session.at});
  sessions_.insert_or_assign(std::move(pid), std::move(session));
}

std::optional<RecoveryLog::Found> RecoveryLog::find(const std::string& pid,
                                                    std::optional<std::uint64_t> offset,
                                                    TimePoint now) {
  prune(now);
  const auto found = sessions_.find(pid);
  if (found == sessions_.end()) return std::nullopt;
  const LostSession& session = found->second;
  // What it says that it has seen is believed, but not that it was here before it came.
  const std::uint64_t seen = std::max(offset.value_or(0), session.joined_at);
  // Whoever has seen all that it was sent has missed nothing before it left.
  const std::uint64_t from = seen >= session.last_sent ? std::max(seen, session.left_at) : seen;
  if (!reaches(from)) return std::nullopt;
  return Found{.session = session, .from = from};
}

std::vector<SocketIoPacketPtr> RecoveryLog::after(std::uint64_t from,
                                                  const std::set<std::string>& rooms) const {
  std::vector<SocketIoPacketPtr> found;
  const std::uint64_t pruned = last_number_ - entries_.size();
  for (std::size_t i = from > pruned ? from - pruned : 0; i < entries_.size(); ++i) {
    if (is_for(entries_[i].target, rooms)) found.push_back(entries_[i].packet);
  }
  return found;
}

void RecoveryLog::prune_packets(TimePoint now) {
  const auto is_over = [&] {
    return entries_.front().at + limits_.time < now || entries_.size() > limits_.packets ||
           bytes_ > limits_.bytes;
  };
  while (!entries_.empty() && is_over()) {
    bytes_ -= entries_.front().packet->bytes();
    entries_.pop_front();
  }
}

/// A client that has come back and gone again stands here twice: the later one counts.
void RecoveryLog::prune_sessions(TimePoint now) {
  while (!leavings_.empty() && leavings_.front().at + limits_.time < now) {
    const auto found = sessions_.find(leavings_.front().pid);
    if (found != sessions_.end() && found->second.at == leavings_.front().at) {
      sessions_.erase(found);
    }
    leavings_.pop_front();
  }
}

}  // namespace carillon::facade
