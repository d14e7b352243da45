// `host[:port]`, as in Host and in targets.
#pragma once

#include <optional>

#include "core/bytes.hpp"

namespace carillon::http1 {

/// Lifetime: views of the text that was split.
struct Authority {
  Bytes host;  // not empty; an IPv6 address keeps its brackets
  Bytes port;  // digits, at most 65535; may be empty
};

/// Empty on anything else: user information, blanks, zone ids, IPvFuture, a bad IPv6 address. A
/// comma is refused though RFC 3986 allows it in a name: two Hosts merged by an intermediary.
/// Source: RFC 9110 §7.2; RFC 3986 §3.2.2, §3.2.3.
std::optional<Authority> split_authority(Bytes text);

}  // namespace carillon::http1
