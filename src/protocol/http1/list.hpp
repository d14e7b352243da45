// Comma-separated lists of fields whose members hold no quoted strings.
#pragma once

#include <optional>

#include "core/bytes.hpp"
#include "protocol/http1/characters.hpp"

namespace carillon::http1 {

/// Gives the members one by one, trimmed; empty ones too, as some callers refuse them.
/// Source: RFC 9110 §5.6.1.
class ListReader {
 public:
  explicit ListReader(Bytes list) : rest_(list) {}

  std::optional<Bytes> next() {
    if (done_) return std::nullopt;
    const std::size_t comma = rest_.find(',');
    const Bytes member = rest_.substr(0, comma);
    done_ = comma == Bytes::npos;
    if (!done_) rest_.remove_prefix(comma + 1);
    return trim_blanks(member);
  }

 private:
  Bytes rest_;
  bool done_ = false;
};

}  // namespace carillon::http1
