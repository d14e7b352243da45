// Tables keyed by what strangers send (channel names, idempotency keys) need a hash that
// strangers cannot steer: SipHash-1-3 with a key drawn at start-up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/bytes.hpp"

namespace carillon {

struct HashKey {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
};

/// SipHash-1-3 (Aumasson and Bernstein, 2012, with one and three rounds).
std::uint64_t siphash(HashKey key, Bytes octets);

/// The hash of unordered containers; its key is drawn once per process.
struct StringHash {
  using is_transparent = void;
  std::size_t operator()(Bytes text) const;
};

}  // namespace carillon
