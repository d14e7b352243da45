// The checksum of what is kept on disk.
#pragma once

#include <cstdint>

#include "core/bytes.hpp"

namespace carillon::cluster::durable {

/// CRC-32C (Castagnoli; RFC 3720 §B.4): finds every burst of up to 32 wrong bits.
std::uint32_t crc32c(Bytes octets);

}  // namespace carillon::cluster::durable
