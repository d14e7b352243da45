// Numbers and strings as octets: little-endian, strings with their length before them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.hpp"

namespace carillon::cluster::durable {

template <class Integer>
void append_integer(std::string& out, Integer value) {
  for (std::size_t octet = 0; octet < sizeof(Integer); ++octet) {
    out.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * octet)));
  }
}

inline void append_string(std::string& out, Bytes text) {
  append_integer(out, static_cast<std::uint32_t>(text.size()));
  out.append(text);
}

/// Reads what the above wrote. The first thing that is not there fails everything after it, so
/// that one look at `failed` at the end is enough.
class OctetReader {
 public:
  explicit OctetReader(Bytes input) : input_(input) {}

  template <class Integer>
  Integer integer() {
    if (input_.size() < sizeof(Integer)) return fail(Integer{});
    std::uint64_t value = 0;
    for (std::size_t octet = 0; octet < sizeof(Integer); ++octet) {
      value |= std::uint64_t{static_cast<unsigned char>(input_[octet])} << (8 * octet);
    }
    input_.remove_prefix(sizeof(Integer));
    return static_cast<Integer>(value);
  }

  Bytes string() {
    const auto size = integer<std::uint32_t>();
    if (input_.size() < size) return fail(Bytes{});
    const Bytes text = input_.substr(0, size);
    input_.remove_prefix(size);
    return text;
  }

  bool failed() const { return failed_; }
  bool at_end() const { return input_.empty(); }

 private:
  template <class Value>
  Value fail(Value value) {
    failed_ = true;
    input_ = {};
    return value;
  }

  Bytes input_;
  bool failed_ = false;
};

}  // namespace carillon::cluster::durable
