// Revocations as the lines of a file, each with a checksum, so that a damaged one costs no other.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "access/revocations.hpp"
#include "core/bytes.hpp"

namespace carillon::access {

/// The first line of the file; the number is the format's version.
inline constexpr Bytes kRevocationMagic = "carillon revocations 1\n";

/// `checksum kind before until name`: hexadecimal, a number, two times in microseconds, base64.
void append_revocation(std::string& out, const Revocation& revocation);

struct RevocationText {
  std::vector<Revocation> revocations;
  std::size_t damaged_lines = 0;
  /// It ends within a line: the write of that did not complete, and nobody was told that it had.
  bool is_torn = false;
  /// The first line is another program's, or of a later version.
  bool is_foreign = false;
};

/// An empty text has no revocations.
RevocationText read_revocations(Bytes text);

}  // namespace carillon::access
