// The one pass that `map.hpp` is the face of.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <vector>

#include "core/bytes.hpp"
#include "core/key_uniqueness.hpp"
#include "core/result.hpp"
#include "protocol/cbor/error.hpp"
#include "protocol/cbor/head.hpp"
#include "protocol/cbor/limits.hpp"
#include "protocol/cbor/map.hpp"

namespace carillon::cbor {

/// Reads one item once. What nests is on an explicit stack, and the keys of all open maps lie on
/// another, each map's together, to be compared when it ends.
class Scanner {
 public:
  Scanner(Bytes octets, const Limits& limits);
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;

  /// Validates the octets; the members of the outermost map go to `listed` unless that is null.
  Result<void, Error> run(std::vector<Member>* listed);

 private:
  struct Frame {
    bool is_map;
    bool is_indefinite;
    std::uint64_t left;  // values to come, where that is known
    std::size_t first_key;
  };
  /// What stands at the cursor once a step is done.
  enum class Next { Item, End };

  Result<Next, Error> scan_item();
  Result<Next, Error> open(const Head& head, std::size_t from);
  Result<Next, Error> after_item();
  bool take_end(const Frame& frame);
  Result<void, Error> close();
  Result<void, Error> scan_key();
  Result<void, Error> scan_string(const Head& head);
  Result<Bytes, Error> scan_piece(const Head& head);
  Result<Head, Error> scan_head();
  Result<void, Error> list_item();

  Bytes rest() const { return octets_.substr(at_); }
  static std::unexpected<Error> fail(ErrorKind kind, std::size_t offset) {
    return std::unexpected(Error{kind, offset});
  }

  Bytes octets_;
  Limits limits_;
  std::size_t at_ = 0;
  std::vector<Member>* listed_ = nullptr;
  Bytes listed_key_;
  std::size_t listed_from_ = 0;

  std::array<std::byte, 4096> buffer_;  // for 64 frames and 64 keys
  std::pmr::monotonic_buffer_resource memory_;
  std::pmr::vector<Frame> frames_;
  std::pmr::vector<PlacedKey> keys_;
};

}  // namespace carillon::cbor
