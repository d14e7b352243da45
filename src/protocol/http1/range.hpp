// Parts of a representation: what a Range field means for content of a known size.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "core/bytes.hpp"

namespace carillon::http1 {

/// The field is absent in effect: answer 200 with everything.
struct WholeContent {};

/// Answer 206 with these octets.
struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;  // inclusive, below the size
  std::uint64_t size_bytes() const { return last - first + 1; }
  bool operator==(const ByteRange&) const = default;
};

/// Answer 416.
struct Unsatisfiable {};

using RangeAnswer = std::variant<WholeContent, ByteRange, Unsatisfiable>;

/// Reads a Range value for content of `size_bytes`. A set with more than one satisfiable range is
/// WholeContent, as a server may ignore any (no multipart answers, no amplification), and so is
/// another unit and anything malformed.
/// Source: RFC 9110 §14.1.2, §14.2.
RangeAnswer resolve_range(Bytes value, std::uint64_t size_bytes);

/// The Content-Range of a 206, `bytes 0-4/10` (RFC 9110 §14.4).
std::string content_range(ByteRange range, std::uint64_t size_bytes);
/// The Content-Range of a 416, `bytes */10`.
std::string content_range_unsatisfied(std::uint64_t size_bytes);

}  // namespace carillon::http1
