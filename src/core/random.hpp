// Unpredictable numbers for ids, epochs and masks. Codecs never call it: they get their
// randomness as an argument.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace carillon {

/// From the kernel's generator, buffered per thread.
std::uint64_t random_u64();

/// `length` characters of `[a-z2-9]` without `l` and `o`, 5 bits of randomness each.
std::string random_text(std::size_t length);

/// `size` random octets.
std::string random_octets(std::size_t size);

}  // namespace carillon
