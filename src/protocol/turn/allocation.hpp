// One allocation: a relayed address, and whom it exchanges data with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/slot_table.hpp"
#include "core/time.hpp"
#include "protocol/stun/message.hpp"
#include "protocol/stun/transport_address.hpp"
#include "protocol/turn/path.hpp"
#include "protocol/turn/surroundings.hpp"

namespace carillon::turn {

/// Data may flow to and from that address, whatever the port (RFC 8656 §9).
struct Permission {
  stun::TransportAddress peer;
  TimePoint expiry;
};

/// RFC 8656 §12.
struct ChannelBinding {
  stun::TransportAddress peer;
  std::uint16_t number = 0;
  TimePoint expiry;
};

/// What is over counts as if it were not there, and is forgotten when room is needed.
class Allocation {
 public:
  Allocation(const Path& own_path, std::string user) : path(own_path), username(std::move(user)) {}

  /// Installs or refreshes; false where there are limits::kPermissions.
  bool permit(const stun::TransportAddress& peer, TimePoint now);
  bool permits(const stun::TransportAddress& peer, TimePoint now) const;

  enum class Binding : std::uint8_t { Done, Taken, Full };
  /// Binds or refreshes, and permits the peer. Taken: the number is another peer's, or the peer has
  /// another number.
  Binding bind(std::uint16_t number, const stun::TransportAddress& peer, TimePoint now);
  /// Null: not bound.
  const ChannelBinding* channel(std::uint16_t number, TimePoint now) const;
  const ChannelBinding* channel_to(const stun::TransportAddress& peer, TimePoint now) const;

  const Path path;
  const std::string username;
  TimePoint due;  // when the table looks at it next
  Relay relay;
  stun::TransactionId created_by{};  // the request's; it may come once more
  Duration lifetime{};               // as it was told
  TimePoint expiry;
  Handle handle;

 private:
  std::vector<Permission> permissions_;
  std::vector<ChannelBinding> channels_;
};

}  // namespace carillon::turn
