// An event on its way to clients: encoded once, with whom it is for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/shared_bytes.hpp"
#include "core/slot_table.hpp"
#include "core/time.hpp"

namespace carillon::facade {

/// Where a socket is: on which reactor, and in the table there.
struct SocketIoPlace {
  std::uint32_t reactor = 0;
  Handle socket;
  bool operator==(const SocketIoPlace&) const = default;
};

/// Everybody in one of `rooms` (where there are none: everybody), but those in one of `except`.
struct SocketIoTarget {
  std::vector<std::string> rooms;
  std::vector<std::string> except;
  bool operator==(const SocketIoTarget&) const = default;
};

/// Immutable, and shared by all whom it goes to.
struct SocketIoPacket {
  SharedBytes frame;  // the text, as a whole frame of a WebSocket with an Engine.IO message
  std::size_t header_bytes = 0;  // of `frame`, in front of the text
  std::vector<SharedBytes> attachments;
  std::optional<std::uint64_t> ack;    // its id, where clients are to answer
  std::uint64_t collector = 0;         // who collects the answers
  std::optional<TimePoint> ack_until;  // nobody waits for them after that
  bool is_volatile = false;

  std::size_t bytes() const {
    std::size_t sum = frame.size();
    for (const SharedBytes& each : attachments) sum += each.size();
    return sum;
  }
  /// Whether its frame may be shared by outboxes: what is large is no sign of a slow client.
  bool is_small() const {
    constexpr std::size_t kSmall = 16 * 1024;
    return attachments.empty() && frame.size() <= kSmall;
  }
  /// Whether it may leave with others: nobody wants to know what becomes of it.
  bool is_plain() const { return is_small() && !ack && !is_volatile; }
};
using SocketIoPacketPtr = std::shared_ptr<const SocketIoPacket>;

/// Packets to the same clients, one after the other.
struct SocketIoParcel {
  std::vector<SocketIoPacketPtr> packets;
  SharedBytes frames;  // of all of them, which are plain; empty where there is but one
};
using SocketIoParcelPtr = std::shared_ptr<const SocketIoParcel>;

}  // namespace carillon::facade
