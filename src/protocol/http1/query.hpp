// The parameters of a query, decoded, in the order they were sent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/http1/error.hpp"

namespace carillon::http1 {

/// Repeated names keep their order.
/// Lifetime: views die with the object.
class QueryParameters {
 public:
  /// Parameters in one query.
  static constexpr std::size_t kMaximumCount = 1'000;

  /// Reads `name=value&name=value`; `+` is a space; a missing `=` is an empty value; empty
  /// pieces between `&` are skipped.
  /// Errors: InvalidPercentEncoding, TooManyParameters.
  /// Source: WHATWG URL, application/x-www-form-urlencoded parsing, but strict on `%`.
  static Result<QueryParameters, ParseError> parse(Bytes query);

  std::size_t size() const { return entries_.size(); }
  /// Name and value.
  std::pair<Bytes, Bytes> at(std::size_t index) const;
  /// The value of the first parameter of that name.
  std::optional<Bytes> find(Bytes name) const;
  std::vector<Bytes> find_all(Bytes name) const;

 private:
  struct Entry {
    std::uint32_t name_begin;
    std::uint32_t name_length;
    std::uint32_t value_length;
  };

  std::string text_;
  std::vector<Entry> entries_;
};

}  // namespace carillon::http1
