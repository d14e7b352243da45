// A TURN server without its sockets (RFC 8656): messages and moments in, messages out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/bytes.hpp"
#include "core/slot_table.hpp"
#include "core/time.hpp"
#include "protocol/stun/authenticator.hpp"
#include "protocol/turn/allocation_table.hpp"
#include "protocol/turn/control.hpp"
#include "protocol/turn/data_indication.hpp"
#include "protocol/turn/path.hpp"
#include "protocol/turn/probe.hpp"
#include "protocol/turn/surroundings.hpp"

namespace carillon::turn {

/// Thread:   one thread.
/// Lifetime: all it refers to outlives it. Callbacks of Outlet and Policy do not call it.
class Server {
 public:
  /// `seed`: random; transaction ids of our indications come from it.
  Server(const stun::Authenticator& authenticator, Outlet& outlet, Policy& policy,
         std::uint64_t seed);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// A datagram, or a frame of a stream, from a client.
  void on_message(const Path& path, Bytes octets, TimePoint now);
  /// A datagram that came to an allocation's relayed address.
  void on_peer_datagram(Handle allocation, const stun::TransportAddress& peer, RoomyPayload payload,
                        TimePoint now);
  /// The client's connection has ended, and with it the allocation (RFC 8656 §3.1).
  void on_client_gone(const Path& path);
  /// Ends what is over. True: there is more of it.
  bool on_time(TimePoint now);
  /// When on_time() has something to do.
  std::optional<TimePoint> next_due() const { return allocations_.next_due(); }

  bool has_allocation(const Path& path) { return allocations_.find(path) != nullptr; }
  std::size_t allocation_count() const { return allocations_.size(); }
  const Probe& probe() const { return probe_; }

 private:
  void on_channel_data(const Path& path, Bytes octets, TimePoint now);
  void on_send_indication(const Path& path, const stun::Message& message, TimePoint now);
  stun::TransactionId next_transaction_id();

  AllocationTable allocations_;
  Probe probe_;
  Outlet& outlet_;
  Policy& policy_;
  Control control_;
  std::uint64_t seed_;
  std::uint32_t indications_ = 0;
};

}  // namespace carillon::turn
