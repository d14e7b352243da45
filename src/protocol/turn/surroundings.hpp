// What a TURN server asks of the place it runs in: sockets, and decisions that are not its own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "core/slot_table.hpp"
#include "core/time.hpp"
#include "protocol/stun/error.hpp"
#include "protocol/stun/transport_address.hpp"
#include "protocol/turn/path.hpp"

namespace carillon::turn {

using ReservationToken = std::array<char, 8>;

/// The relayed transport address that a client wants.
struct RelayWish {
  stun::Family family = stun::Family::Ipv4;
  bool even_port = false;
  bool reserve_next = false;                 // the port above, too (EVEN-PORT's R bit)
  std::optional<ReservationToken> reserved;  // one that was reserved before
};

struct Relay {
  Handle id;                             // the owner's name for the socket
  stun::TransportAddress address;        // as peers see it
  std::optional<ReservationToken> next;  // for the port above, where it was reserved
};

/// Whether routers may cut a datagram into fragments.
enum class Fragmentation : std::uint8_t { Allowed, Forbidden };

/// The sockets.
class Outlet {
 public:
  virtual ~Outlet() = default;
  /// An answer.
  virtual void answer(const Path& path, std::string message) = 0;
  /// Data. Lifetime: `octets` lie in the buffer that the datagram came in, and stay there until its
  /// receiver takes the next ones. Over TCP the padding behind them may be written to.
  virtual void to_client(const Path& path, Bytes octets) = 0;
  virtual void to_peer(Handle relay, const stun::TransportAddress& peer, Bytes payload,
                       Fragmentation fragmentation) = 0;
  /// `allocation` is whom on_peer_datagram() is told for.
  /// Errors: AddressFamilyNotSupported, InsufficientCapacity.
  virtual Result<Relay, stun::ErrorCode> open_relay(const Path& path, const RelayWish& wish,
                                                    Handle allocation) = 0;
  virtual void close_relay(Handle relay) = 0;
};

/// The decisions.
class Policy {
 public:
  virtual ~Policy() = default;
  /// Whether one more answer may go to somebody who has not shown a password.
  virtual bool may_answer(const Path& path, TimePoint now) = 0;
  /// Whether data may be exchanged with that address (port 0: on whichever port).
  virtual bool may_reach(const stun::TransportAddress& peer) = 0;
  /// Whether so many octets of a peer, who has permission, may go to the client now.
  virtual bool may_relay(Handle relay, std::size_t bytes) = 0;
  /// Counts one allocation more, or says no.
  virtual bool admit(Bytes username, const Path& path) = 0;
  virtual void release(Bytes username, const Path& path) = 0;
};

}  // namespace carillon::turn
