#include "hub/types.hpp"

#include "core/hash.hpp"

namespace carillon::hub {

ReactorIndex home_of(Bytes channel, std::size_t reactor_count) {
  // Another key than the tables': else all channels of a home would share few buckets there.
  static constexpr HashKey kKey{0x686f6d65206f6620, 0x61206368616e6e65};
  return reactor_count == 1 ? 0 : siphash(kKey, channel) % reactor_count;
}

}  // namespace carillon::hub
