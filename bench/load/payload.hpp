// The messages of a benchmark: each carries its number and its time of sending, and every octet
// of it can be checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace carillon::bench {

/// Nanoseconds of the monotonic clock, which publisher and subscribers share: one process.
using Nanoseconds = std::uint64_t;
Nanoseconds now_ns();

inline constexpr std::size_t kPayloadHeadBytes = 1 + 12 + 1 + 16 + 1;
inline constexpr std::size_t kPayloadLeastBytes = kPayloadHeadBytes + 1;
inline constexpr std::size_t kPayloadMostBytes = 16 * 1024;

/// Shape: `#<number, 12 digits>:<time, 16 hexadecimal digits>:<letters>#`, of `bytes` octets; plain
///        in JSON, in an event stream and in a URL's opinion of text.
std::string make_payload(std::uint64_t number, Nanoseconds sent, std::size_t bytes);

struct Payload {
  std::uint64_t number = 0;
  Nanoseconds sent = 0;
  bool intact = false;
};

/// Takes the next payload out of `text`; false when none begins in it. One that is cut short or
/// changed anywhere is not intact.
bool take_payload(std::string_view& text, std::size_t bytes, Payload& payload);

}  // namespace carillon::bench
