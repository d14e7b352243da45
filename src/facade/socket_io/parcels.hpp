// What is emitted to the same clients within one tick leaves together: each outbox gets one piece.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "facade/socket_io/packet.hpp"

namespace carillon::facade {

/// Of one Socket.IO namespace. Whatever else happens there has to let go of what waits before.
/// Thread: that of the home.
class SocketIoParcels {
 public:
  struct Waiting {
    SocketIoTarget target;
    std::vector<SocketIoPacketPtr> packets;
    std::uint64_t last_number = 0;  // of the last packet; 0: it has none
  };

  bool is_empty() const { return waiting_.packets.empty(); }
  /// Whether a plain packet may go with those that wait.
  bool takes(const SocketIoTarget& target, const SocketIoPacket& packet) const;
  void add(const SocketIoTarget& target, SocketIoPacketPtr packet, std::uint64_t number);
  Waiting take();

 private:
  /// Octets that wait at most, of frames.
  static constexpr std::size_t kMostBytes = 64 * 1024;

  Waiting waiting_;
  std::size_t bytes_ = 0;
};

SocketIoParcelPtr make_parcel(std::vector<SocketIoPacketPtr> packets);

}  // namespace carillon::facade
