// A Socket.IO namespace at its home reactor: who is in it, in which rooms, and what was emitted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/hash.hpp"
#include "facade/socket_io/packet.hpp"
#include "facade/socket_io/parcels.hpp"
#include "facade/socket_io/recovery.hpp"
#include "facade/socket_io/socket_id.hpp"

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

  /// `rooms`: without its own. `from`: where it comes back; what is after that number is still to
  /// reach it. False: that id is here already.
  bool add(const SocketIoId& id, SocketIoPlace place, std::string pid,
           const std::vector<std::string>& rooms, std::optional<std::uint64_t> from = {});
  void join(const SocketIoId& id, const std::string& room);
  void leave(const SocketIoId& id, const std::string& room);
  /// Gone, if it is the socket at `place` that has this id; `data` where it may be brought back.
  void remove(const SocketIoId& id, const SocketIoPlace& place, std::optional<std::any> data,
              TimePoint now);

  /// Those who are meant. With `number`: they are sent the packet of that number.
  SocketIoPlaces places(const SocketIoTarget& target, std::uint64_t number = 0);
  /// What sockets_join() and sockets_leave() change here; the sockets are told on their own.
  SocketIoPlaces join_all(const SocketIoTarget& target, const std::string& room);
  SocketIoPlaces leave_all(const SocketIoTarget& target, const std::string& room);

  SocketIoParcels& parcels() { return parcels_; }
  /// Null: nobody is brought back.
  RecoveryLog* log() { return log_ ? &*log_ : nullptr; }
  /// Whether prune() is to be called when what is lost has been kept long enough; asked once.
  bool wants_pruning() { return log_ && !log_->is_idle() && !std::exchange(is_watched_, true); }
  void prune(TimePoint now) {
    is_watched_ = false;
    if (log_) log_->prune(now);
  }
  /// Never while prune() is to come, so that nobody calls it for a home of the same name.
  bool is_empty() const {
    const bool remembers = is_watched_ || (log_ && !log_->is_idle());
    return members_.empty() && parcels_.is_empty() && !remembers;
  }

 private:
  struct Member;
  /// Its name, and who is in it, whose own it is not.
  using Room = std::pair<const std::string, std::vector<Member*>>;
  struct Seat {
    Room* room;
    std::size_t index;  // there
  };
  /// What bringing it back needs.
  struct Trace {
    std::string pid;
    std::uint64_t joined_at = 0;
    std::uint64_t last_sent = 0;
  };
  struct Member {
    SocketIoPlace place;
    std::vector<Seat> seats;
    std::unique_ptr<Trace> trace;  // null where nobody is brought back
  };

  Member* find(std::string_view id);
  void add_to(Member& member, const std::string& room);
  static std::vector<Seat>::iterator seat_of(Member& member, const std::string& room);
  void vacate(Member& member, std::vector<Seat>::iterator seat);
  std::vector<Member*> in(const std::vector<std::string>& rooms);
  std::vector<Member*> those(const SocketIoTarget& target);
  static SocketIoPlaces by_reactor(const std::vector<Member*>& members);

  std::unordered_map<SocketIoId, Member, SocketIoIdHash> members_;
  std::unordered_map<std::string, std::vector<Member*>, StringHash, std::equal_to<>> rooms_;
  SocketIoParcels parcels_;
  std::optional<RecoveryLog> log_;
  bool is_watched_ = false;  // prune() is to come
};

}  // namespace carillon::facade
