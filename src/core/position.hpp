// Where a reader stands in a channel: the one offset space that all transports share.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.hpp"

namespace carillon {

/// Names one life of a channel's log. It changes when the log may have lost its tail or starts
/// anew, so that an offset is never taken for one of another life.
/// Shape: 1–16 of `[a-z0-9]`; the default one is empty and names no life.
class Epoch {
 public:
  static constexpr std::size_t kLongest = 16;

  Epoch() = default;
  static std::optional<Epoch> parse(Bytes text);
  static Epoch random();

  Bytes text() const { return {text_.data(), length_}; }
  bool operator==(const Epoch&) const = default;

 private:
  std::array<char, kLongest> text_{};
  std::uint8_t length_ = 0;
};

/// After the publication `offset` of the life `epoch`; offset 0 is before the first.
struct Position {
  Epoch epoch;
  std::uint64_t offset = 0;
  bool operator==(const Position&) const = default;
};

/// Text on the wire: `epoch:offset`, e.g. `k3f9:42`.
std::string to_text(const Position& position);
void append_text(std::string& out, const Position& position);
/// Empty unless the text is exactly one position; offsets end at 2^53 − 1, what JavaScript counts.
std::optional<Position> parse_position(Bytes text);

}  // namespace carillon
