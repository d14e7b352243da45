// Ports that EVEN-PORT has reserved: bound, and waiting for the client that knows the token.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "core/time.hpp"
#include "net/datagram_address.hpp"
#include "net/unique_fd.hpp"
#include "protocol/turn/surroundings.hpp"

namespace carillon::transport {

struct BoundRelay {
  net::UniqueFd socket;
  net::DatagramAddress address;
};

/// The second client may be another reactor's, so they share this; it is asked once for an
/// allocation at most, never for data.
/// Thread: any (a mutex).
class Reservations {
 public:
  /// Empty: there are limits::kReservations.
  std::optional<turn::ReservationToken> add(BoundRelay& relay, TimePoint now);
  std::optional<BoundRelay> take(const turn::ReservationToken& token, TimePoint now);
  /// Those whose time is over; their ports are the caller's to give back.
  std::vector<BoundRelay> take_expired(TimePoint now);

 private:
  struct Entry {
    BoundRelay relay;
    TimePoint expiry;
  };
  std::mutex mutex_;
  std::map<turn::ReservationToken, Entry> entries_;
};

}  // namespace carillon::transport
