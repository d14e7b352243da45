#include "core/shared_bytes.hpp"

#include <cstring>
#include <new>

namespace carillon {

SharedBytes::SharedBytes(Bytes bytes) : SharedBytes(joined(bytes, {})) {}

SharedBytes::SharedBytes(const SharedBytes& other) noexcept : block_(other.block_) {
  if (block_ != nullptr) block_->references.fetch_add(1, std::memory_order_relaxed);
}

SharedBytes::~SharedBytes() {
  if (block_ == nullptr) return;
  // The last reader must see every write of the others before the block goes.
  if (block_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    block_->~Block();
    ::operator delete(block_);
  }
}

SharedBytes SharedBytes::joined(Bytes first, Bytes second) {
  SharedBytes result;
  if (first.empty() && second.empty()) return result;
  result.block_ = make(first.size() + second.size());
  char* target = data(result.block_);
  if (!first.empty()) std::memcpy(target, first.data(), first.size());
  if (!second.empty()) std::memcpy(target + first.size(), second.data(), second.size());
  return result;
}

Bytes SharedBytes::view() const noexcept {
  return block_ == nullptr ? Bytes{} : Bytes(data(block_), block_->size);
}

std::size_t SharedBytes::size() const noexcept {
  return block_ == nullptr ? 0 : block_->size;
}

SharedBytes::Block* SharedBytes::make(std::size_t size) {
  void* memory = ::operator new(sizeof(Block) + size);
  return new (memory) Block{.references = 1, .size = size};
}

char* SharedBytes::data(Block* block) noexcept {
  return reinterpret_cast<char*>(block + 1);
}

}  // namespace carillon
