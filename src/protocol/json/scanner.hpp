// The one pass that `validator.hpp` and `object.hpp` are faces of.
#pragma once

#include <array>
#include <cstddef>
#include <memory_resource>
#include <vector>

#include "core/bytes.hpp"
#include "core/key_uniqueness.hpp"
#include "core/result.hpp"
#include "protocol/json/error.hpp"
#include "protocol/json/limits.hpp"
#include "protocol/json/object.hpp"

namespace carillon::json {

/// Reads one text once. What nests is on an explicit stack, and the keys of all open objects lie
/// on another, each object's together, to be compared when it closes.
class Scanner {
 public:
  Scanner(Bytes text, const Limits& limits);
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;

  /// Validates the text; the members or elements of the outermost container go to `listed` unless
  /// that is null (elements have an empty key).
  Result<void, Error> run(std::vector<Member>* listed);

 private:
  enum class Container : bool { Array, Object };
  struct Frame {
    Container container;
    std::size_t first_key;
  };
  /// What stands at the cursor once a step is done.
  enum class Next { Value, End };

  Result<Next, Error> scan_value();
  Result<Next, Error> open(Container container);
  Result<Next, Error> after_value();
  Result<void, Error> close();
  Result<void, Error> scan_key();
  Result<void, Error> scan_string();
  Result<void, Error> scan_escape();
  Result<unsigned, Error> scan_hex();
  Result<void, Error> scan_utf8();
  Result<void, Error> scan_number();
  Result<void, Error> scan_digits();
  Result<void, Error> scan_literal(Bytes literal);
  void skip_plain();
  void skip_space();
  Result<void, Error> list_value();
  Bytes keep(Bytes key);

  bool at_end() const { return at_ == text_.size(); }
  char current() const { return text_[at_]; }
  bool take(char expected);
  std::unexpected<Error> fail(ErrorKind kind) const { return fail(kind, at_); }
  /// Where the text is over, that is what is wrong with it.
  std::unexpected<Error> fail(ErrorKind kind, std::size_t offset) const;

  Bytes text_;
  Limits limits_;
  std::size_t at_ = 0;
  bool escaped_ = false;  // whether the last string held escapes
  std::vector<Member>* listed_ = nullptr;
  Bytes listed_key_;
  std::size_t listed_from_ = 0;

  std::array<std::byte, 4096> buffer_;  // for 64 frames and 64 keys
  std::pmr::monotonic_buffer_resource memory_;
  std::pmr::vector<Frame> frames_;
  std::pmr::vector<PlacedKey> keys_;
};

}  // namespace carillon::json
