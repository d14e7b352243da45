#include "protocol/stun/fingerprint.hpp"

#include <zlib.h>

namespace carillon::stun {

std::uint32_t fingerprint(Bytes before) {
  constexpr std::uint32_t kMask = 0x5354'554E;
  const auto* octets = reinterpret_cast<const Bytef*>(before.data());
  return static_cast<std::uint32_t>(::crc32_z(0, octets, before.size())) ^ kMask;
}

}  // namespace carillon::stun
