// What brings a client back whose connection was lost: who it was, and what it has missed. The two
// are kept apart, so that a client that was sent nothing for long can come back as well.
#pragma once

#include <any>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/time.hpp"
#include "facade/socket_io/packet.hpp"

namespace carillon::facade {

/// Of one Socket.IO namespace.
struct RecoveryLimits {
  Duration time = std::chrono::minutes(2);
  std::size_t packets = 10'000;
  std::size_t bytes = 16 * 1024 * 1024;
  std::size_t sessions = 10'000;
};

/// A client that has gone.
struct LostSession {
  std::string sid;
  std::set<std::string> rooms;
  std::any data;
  std::uint64_t joined_at = 0;  // number of the last packet before all that are for it
  std::uint64_t last_sent = 0;  // number of the last packet that went to it
  std::uint64_t left_at = 0;    // number of the last packet of all when it left
  TimePoint at;                 // when it left
};

/// Packets are numbered from 1.
/// Thread: that of the home.
class RecoveryLog {
 public:
  explicit RecoveryLog(const RecoveryLimits& limits) : limits_(limits) {}

  /// The number of the next packet: clients are told it as the offset.
  std::uint64_t next_number() const { return last_number_ + 1; }
  std::uint64_t last_number() const { return last_number_; }
  void append(SocketIoPacketPtr packet, SocketIoTarget target, TimePoint now);

  void keep(std::string pid, LostSession session);
  struct Found {
    const LostSession& session;
    std::uint64_t from;  // where to replay from
  };
  /// Empty: unknown, too long ago, or what it has missed is not all there any more. `offset` is the
  /// last number that the client has seen; empty: it has seen none.
  std::optional<Found> find(const std::string& pid, std::optional<std::uint64_t> offset,
                            TimePoint now);
  void forget(const std::string& pid) { sessions_.erase(pid); }
  /// Whether everything after number `from` is there still.
  bool reaches(std::uint64_t from) const {
    return from <= last_number_ && from >= last_number_ - entries_.size();
  }
  /// The packets after number `from` that were for those in `rooms`.
  std::vector<SocketIoPacketPtr> after(std::uint64_t from,
                                       const std::set<std::string>& rooms) const;
  bool is_idle() const { return sessions_.empty(); }
  /// Lets go of what nobody can ask for any more.
  void prune(TimePoint now) {
    prune_packets(now);
    prune_sessions(now);
  }
  const RecoveryLimits& limits() const { return limits_; }

 private:
  struct Entry {
    SocketIoPacketPtr packet;
    SocketIoTarget target;
    TimePoint at;
  };
  struct Leaving {
    std::string pid;
    TimePoint at;
  };

  void prune_packets(TimePoint now);
  void prune_sessions(TimePoint now);

  RecoveryLimits limits_;
  std::deque<Entry> entries_;  // the last has the number last_number_
  std::uint64_t last_number_ = 0;
  std::size_t bytes_ = 0;
  std::unordered_map<std::string, LostSession> sessions_;
  std::deque<Leaving> leavings_;  // in their order, those who came back among them
};

}  // namespace carillon::facade
