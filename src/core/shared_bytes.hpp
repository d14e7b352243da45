// Immutable octets that many outboxes share: a broadcast is encoded once and counted.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <utility>

#include "core/bytes.hpp"

namespace carillon {

/// A counted reference to an immutable run of octets, one allocation for count and bytes.
/// Thread:   references may be copied and dropped on any thread.
/// Lifetime: the octets live as long as the last reference.
class SharedBytes {
 public:
  SharedBytes() = default;
  explicit SharedBytes(Bytes bytes);
  SharedBytes(const SharedBytes& other) noexcept;
  SharedBytes(SharedBytes&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  SharedBytes& operator=(SharedBytes other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~SharedBytes();

  /// Two pieces in one block, e.g. a frame header and its payload.
  static SharedBytes joined(Bytes first, Bytes second);

  Bytes view() const noexcept;
  std::size_t size() const noexcept;
  bool empty() const noexcept { return size() == 0; }
  /// Whether both are the same block, not merely equal.
  bool same(const SharedBytes& other) const noexcept { return block_ == other.block_; }

 private:
  struct Block {
    std::atomic<std::size_t> references;
    std::size_t size;
  };
  static Block* make(std::size_t size);
  static char* data(Block* block) noexcept;

  Block* block_ = nullptr;
};

}  // namespace carillon
