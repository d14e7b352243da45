// What an Allocate request asks for, and whether one may ask for that.
#pragma once

#include <optional>

#include "core/result.hpp"
#include "core/time.hpp"
#include "protocol/stun/error.hpp"
#include "protocol/stun/message.hpp"
#include "protocol/turn/surroundings.hpp"

namespace carillon::turn {

struct AllocateRequest {
  RelayWish relay;
  Duration lifetime{};
  bool wants_ipv6_too = false;  // ADDITIONAL-ADDRESS-FAMILY
};

/// Errors: BadRequest, UnsupportedTransport, AddressFamilyNotSupported.
/// Source: RFC 8656 §7.2, steps 3 to 9.
Result<AllocateRequest, stun::ErrorCode> read_allocate_request(const stun::Message& message);

/// LIFETIME within our bounds; the default where there is none. Empty: zero, which is a wish to
/// end. Errors: BadRequest. Source: RFC 8656 §7.2, §8.2.
Result<std::optional<Duration>, stun::ErrorCode> read_lifetime(const stun::Message& message);

/// REQUESTED-ADDRESS-FAMILY; empty where there is none.
/// Errors: BadRequest, AddressFamilyNotSupported.
Result<std::optional<stun::Family>, stun::ErrorCode> read_family(const stun::Message& message);

}  // namespace carillon::turn
