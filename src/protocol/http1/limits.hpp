// What one HTTP/1.1 message may cost, each limit with its unit and the answer when it is hit.
#pragma once

#include <cstddef>

namespace carillon::http1 {

struct Limits {
  /// Octets of the method; 501. The longest registered one has 17.
  std::size_t method_bytes = 32;
  /// Octets of the request target; 414. RFC 9112 §3 recommends room for a line of 8,000.
  std::size_t target_bytes = 8 * 1024;
  /// Field lines in the header section, and again in the trailer section; 431.
  std::size_t field_count = 100;
  /// Octets of the header section after the start line, line ends included; 431.
  std::size_t header_bytes = 16 * 1024;
  /// Octets of the trailer section; 431.
  std::size_t trailer_bytes = 4 * 1024;
  /// Octets of all chunk extensions of one message together; 413.
  std::size_t chunk_extension_bytes = 4 * 1024;
  /// Empty lines ignored before a request line (RFC 9112 §2.2: at least one); 400.
  std::size_t leading_empty_lines = 4;
};

}  // namespace carillon::http1
