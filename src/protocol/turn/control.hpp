// Requests of clients: who sends them, and what becomes of them.
#pragma once

#include <optional>
#include <string>

#include "core/time.hpp"
#include "protocol/stun/authenticator.hpp"
#include "protocol/stun/message.hpp"
#include "protocol/turn/allocation_table.hpp"
#include "protocol/turn/path.hpp"
#include "protocol/turn/probe.hpp"
#include "protocol/turn/surroundings.hpp"

namespace carillon::turn {

struct AllocateRequest;

/// Every request gets one answer, but for strangers over their rate, who get none.
class Control {
 public:
  struct Parts {
    const stun::Authenticator& authenticator;
    AllocationTable& allocations;
    Outlet& outlet;
    Policy& policy;
    Probe& probe;
  };
  explicit Control(const Parts& parts) : parts_(parts) {}

  void on_request(const Path& path, const stun::Message& request, TimePoint now);
  /// Closes the relay and forgets the allocation.
  void end(const Allocation& allocation);

 private:
  struct Call;  // a request, its path, its sender, its moment
  using Verdict = Result<void, stun::ErrorCode>;

  void answer_stranger(const Call& call, stun::ErrorCode code);
  void answer_binding(const Call& call);
  void answer_unknown(const Call& call, std::span<const std::uint16_t> types);
  void refuse(const Call& call, stun::ErrorCode code);
  void accept(const Call& call, stun::MessageWriter& answer);
  void succeed(const Call& call);
  void send(const Call& call, stun::MessageWriter& answer);

  void on_authenticated(const Call& call);
  Verdict allocate(const Call& call);
  Verdict open(const Call& call, const AllocateRequest& request);
  void tell_allocation(const Call& call, const Allocation& allocation, bool lacks_ipv6);
  Verdict refresh(const Call& call);
  Verdict create_permission(const Call& call);
  Verdict bind_channel(const Call& call);
  Result<Allocation*, stun::ErrorCode> allocation_of(const Call& call);
  Verdict check_peer(const Allocation& allocation, const stun::TransportAddress& peer);

  Parts parts_;
};

}  // namespace carillon::turn
