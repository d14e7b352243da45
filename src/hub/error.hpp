// Why a call to the hub or the broker failed. Transports map each to the wire's error list.
#pragma once

#include <cstdint>

#include "core/bytes.hpp"

namespace carillon::hub {

enum class BrokerError : std::uint8_t {
  Unavailable,  // `unavailable` 503: a mailbox is full or the broker cannot be reached; try again
  TooManyChannels,  // `unavailable` 503: every live channel the limit allows is in use
  DedupeMismatch,   // `invalid` 422: the idempotency key was used for other data
};

/// One sentence for people, e.g. for the `detail` of a problem document.
Bytes describe(BrokerError error);

}  // namespace carillon::hub
