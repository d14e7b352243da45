// The field lines of one message in one string with offsets: two allocations, whatever is sent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.hpp"

namespace carillon::http1 {

struct Field {
  Bytes name;  // as sent; compare with equal_ignoring_case()
  Bytes value;
};

/// An ordered list of fields; names are found whatever their case.
/// Lifetime: views die with the object, and when a field is added.
class Fields {
 public:
  Fields() = default;

  /// Adds a field to a message that is to be sent. Injection is impossible: control octets in
  /// `value` become spaces (RFC 9110 §5.5). `name` must be a token, never a peer's.
  void add(Bytes name, Bytes value);

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  /// Octets of all names and values, and of a parsed message's start line.
  std::size_t text_bytes() const { return text_.size(); }
  Field at(std::size_t index) const { return field_of(entries_[index]); }

  /// The value of the first field of that name.
  std::optional<Bytes> find(Bytes name) const;
  std::size_t count(Bytes name) const;
  bool has(Bytes name) const { return find(name).has_value(); }

  /// Whether `token` is a member of the list that all fields of that name form together,
  /// whatever its case, e.g. `has_token("connection", "upgrade")` (RFC 9110 §5.6.1).
  bool has_token(Bytes name, Bytes token) const;

  /// All values of that name joined by ", " (RFC 9110 §5.3), those of Cookie by "; " (RFC 9113
  /// §8.2.3); empty if there is none.
  std::string combined(Bytes name, Bytes separator = ", ") const;

 private:
  friend class FieldReader;
  friend class RequestHead;
  friend class RequestHeadReader;

  struct Entry {
    std::uint32_t name_begin;
    std::uint32_t name_length;
    std::uint32_t value_begin;
    std::uint32_t value_length;
  };

  Field field_of(const Entry& entry) const {
    return {Bytes(text_.data() + entry.name_begin, entry.name_length),
            Bytes(text_.data() + entry.value_begin, entry.value_length)};
  }
  bool is_named(const Entry& entry, Bytes name) const;

  std::string text_;  // of a parsed head: its octets as received, start line first
  std::vector<Entry> entries_;
};

}  // namespace carillon::http1
