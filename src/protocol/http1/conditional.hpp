// Conditional requests: whether the client's copy is current, and whether it may change ours.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/bytes.hpp"
#include "protocol/http1/fields.hpp"

namespace carillon::http1 {

/// What is known of the representation a GET would send now.
struct Validators {
  Bytes etag;  // with its quotes, and `W/` where weak; empty: none
  std::optional<std::chrono::sys_seconds> last_modified;
};

enum class Precondition : std::uint8_t {
  Proceed,
  NotModified,  // answer 304
  Failed,       // answer 412
};

/// Evaluates If-Match, If-Unmodified-Since, If-None-Match and If-Modified-Since in the order of
/// the law, for a representation that exists. `now` is for dates with two-digit years.
/// Source: RFC 9110 §13.1, §13.2.2; a malformed date is ignored, a malformed tag matches nothing.
Precondition evaluate_preconditions(Bytes method, const Fields& fields, const Validators& current,
                                    std::chrono::sys_seconds now);

/// Whether a Range field of this request counts: there is no If-Range, or it names what is
/// current by a strong tag or the exact date.
/// Source: RFC 9110 §13.1.5.
bool range_applies(Bytes method, const Fields& fields, const Validators& current,
                   std::chrono::sys_seconds now);

}  // namespace carillon::http1
