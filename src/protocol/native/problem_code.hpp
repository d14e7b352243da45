// The one list of what can go wrong, the same words on every transport.
#pragma once

#include <cstdint>
#include <span>

#include "core/bytes.hpp"

namespace carillon::native {

enum class ProblemCode : std::uint8_t {
  BadRequest,
  Unauthenticated,
  Forbidden,
  NotFound,
  Conflict,
  Gone,
  TooLarge,
  Invalid,  // well-formed, but against a schema, or an idempotency key with other data
  RateLimited,
  Internal,
  NotSupported,
  Unavailable,
  TooManyConnections,
  // Only in `closing`:
  Shutdown,
  Slow,
  Replaced,
  Expired,
  Revoked,
  Idle,
};

/// Units: `status` is an HTTP status, 0 for a code that only closes; `close_code` is a WebSocket
/// close code, 0 for a code that closes nothing; `title` is the status' phrase of RFC 9110 §15.
struct ProblemInfo {
  ProblemCode code;
  Bytes text;
  std::uint16_t status;
  std::uint16_t close_code;
  Bytes title;
};

/// All of them, in the order of the enumeration.
std::span<const ProblemInfo> problem_table();

const ProblemInfo& problem_info(ProblemCode code);

}  // namespace carillon::native
