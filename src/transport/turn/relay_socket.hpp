// The socket of one allocation, on its reactor.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "access/rate.hpp"
#include "core/slot_table.hpp"
#include "net/reactor.hpp"
#include "transport/turn/reservations.hpp"

namespace carillon::transport {

/// When datagrams wait it enters itself in a list: sockets that are ready in the same tick are read
/// together.
class RelaySocket final : public net::EventSource {
 public:
  RelaySocket(BoundRelay bound, Handle own_allocation, std::vector<Handle>& ready)
      : relay(std::move(bound)), allocation(own_allocation), ready_(ready) {}

  int fd() const { return relay.socket.get(); }
  void on_ready(std::uint32_t events) override;

  BoundRelay relay;
  const Handle allocation;
  Handle handle;  // its own
  Handle watch;
  std::optional<turn::ReservationToken> next;  // what it has reserved; that ends with it
  access::RateBucket bytes;                    // what went through, both ways

 private:
  std::vector<Handle>& ready_;
};

}  // namespace carillon::transport
