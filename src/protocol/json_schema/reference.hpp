// `$ref` within one document.
#pragma once

#include <string>
#include <unordered_map>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/json/object.hpp"

namespace carillon::json_schema {

/// Finds the values that references point to.
/// Lifetime: the text of `root` outlives it.
class References {
 public:
  explicit References(const json::Value& root) : root_(root) {}

  /// The value that `reference` points to: `#`, or `#` and a JSON pointer, which may be
  /// percent-encoded (RFC 6901 §6).
  /// Errors: a sentence; for another document, for a name after the `#`, and where there is
  ///         nothing.
  /// Lifetime: a view into the text of the root.
  Result<json::Value, std::string> resolve(Bytes reference);

 private:
  /// The elements or members of one value, by their tokens.
  using Children = std::unordered_map<std::string, json::Value>;

  const Children& children_of(const json::Value& parent);

  json::Value root_;
  std::unordered_map<const char*, Children> seen_;  // by where the text begins: read once each
};

}  // namespace carillon::json_schema
