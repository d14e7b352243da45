// A Socket.IO namespace at its home reactor: who is in it, in which rooms, and what was emitted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/hash.hpp"
#include "facade/socket_io/packet.hpp"
#include "facade/socket_io/recovery.hpp"

namespace carillon::facade {

/// Sockets by the reactor that has them.
using SocketIoPlaces = std::map<std::uint32_t, std::vector<Handle>>;

/// Thread: its reactor's.
class SocketIoHome {
 public:
  /// Without limits nobody is brought back.
  explicit SocketIoHome(const std::optional<RecoveryLimits>& recovery) {
    if (recovery) log_.emplace(*recovery);
  }

  /// `from`: where it comes back; what is after that number is still to reach it.
  /// False: that id is here already.
  bool add(const std::string& sid, SocketIoPlace place, std::string pid,
           const std::set<std::string>& rooms, std::optional<std::uint64_t> from = {});
  void join(const std::string& sid, const std::string& room);
  void leave(const std::string& sid, const std::string& room);
  /// Gone, if it is the socket at `place` that has this id; `data` where it may be brought back.
  void remove(const std::string& sid, const SocketIoPlace& place, std::optional<std::any> data,
              TimePoint now);

  /// Those who are meant. With `number`: they are sent the packet of that number.
  SocketIoPlaces places(const SocketIoTarget& target, std::uint64_t number = 0);
  /// What sockets_join() and sockets_leave() change here; the sockets are told on their own.
  SocketIoPlaces join_all(const SocketIoTarget& target, const std::string& room);
  SocketIoPlaces leave_all(const SocketIoTarget& target, const std::string& room);

  /// Null: nobody is brought back.
  RecoveryLog* log() { return log_ ? &*log_ : nullptr; }
  /// Whether prune() is to be called when what is lost has been kept long enough; asked once.
  bool wants_pruning() { return log_ && !log_->is_idle() && !std::exchange(is_watched_, true); }
  void prune(TimePoint now) {
    is_watched_ = false;
    if (log_) log_->prune(now);
  }
  bool is_empty() const { return members_.empty() && (!log_ || log_->is_idle()); }

 private:
  struct Member {
    std::string sid;
    SocketIoPlace place;
    std::string pid;
    std::set<std::string> rooms;  // without its own
    std::uint64_t joined_at = 0;
    std::uint64_t last_sent = 0;
  };
  using Members = std::unordered_set<Member*>;

  Member* find(const std::string& sid);
  void add_to(Member& member, const std::string& room);
  void remove_from(Member& member, const std::string& room);
  Members in(const std::vector<std::string>& rooms);
  Members those(const SocketIoTarget& target);

  std::unordered_map<std::string, Member, StringHash, std::equal_to<>> members_;
  std::unordered_map<std::string, Members, StringHash, std::equal_to<>> rooms_;
  std::optional<RecoveryLog> log_;
  bool is_watched_ = false;  // prune() is to come
};

}  // namespace carillon::facade
