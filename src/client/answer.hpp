// Whole answers, and what those that refuse have to say.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "client/limits.hpp"
#include "client/outgoing.hpp"
#include "core/result.hpp"
#include "outgoing/requester.hpp"
#include "protocol/http1/fields.hpp"
#include "protocol/native/position_list.hpp"

namespace carillon::client {

/// A problem document (RFC 9457), or the error that answers a command.
struct Problem {
  std::string code;
  std::string detail;
  std::optional<Duration> wait = {};
  /// Of `gone`: where the channels stand, and from where everything is retained.
  native::PositionList position = {};
  native::PositionList retained = {};
};

/// Empty where `json` is neither. `detail` may stand there as `message`.
std::optional<Problem> parse_problem(Bytes json);

/// Whether trying again can help is decided by the code, and without one by the status: what comes
/// from something between us and the server (a bare 403 or 5xx) may pass.
Failure refusal(const Problem& problem, int status);
/// For an answer whose status is not the one that was hoped for. `wall_clock` is for Retry-After.
Failure refusal(const Answer& answer, Timestamp wall_clock);

}  // namespace carillon::client
