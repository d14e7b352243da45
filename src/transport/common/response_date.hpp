// The value of `Date` (RFC 9110 §6.6.1), made anew once a second per thread.
#pragma once

#include "core/bytes.hpp"
#include "core/time.hpp"

namespace carillon::transport {

/// Lifetime: until the next call on this thread.
Bytes date_at(Timestamp now);

}  // namespace carillon::transport
