// Dates in HTTP fields: one form is written, three are read.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/bytes.hpp"

namespace carillon::http1 {

/// IMF-fixdate, e.g. `Sun, 06 Nov 1994 08:49:37 GMT`. Years 0–9999.
/// Source: RFC 9110 §5.6.7.
std::string format_date(std::chrono::sys_seconds time);

/// Reads IMF-fixdate, the RFC 850 form and asctime's, strictly (the day's name must fit the date).
/// `now` settles the century of a two-digit year: more than 50 years ahead means the past.
/// Source: RFC 9110 §5.6.7.
std::optional<std::chrono::sys_seconds> parse_date(Bytes text, std::chrono::sys_seconds now);

}  // namespace carillon::http1
