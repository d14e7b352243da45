// Which ports relays have, over all reactors.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace carillon::transport {

/// A bit for each port of one family. Thread: any.
class RelayPorts {
 public:
  /// False: it is a relay's already.
  bool take(std::uint16_t port);
  void give_back(std::uint16_t port);
  bool has(std::uint16_t port) const;

 private:
  static constexpr std::size_t kWordBits = 64;
  static std::uint64_t bit(std::uint16_t port) { return std::uint64_t{1} << (port % kWordBits); }

  std::array<std::atomic<std::uint64_t>, 65'536 / kWordBits> words_{};
};

}  // namespace carillon::transport
