// JSON Schema (draft 7) without regular expressions: compiled once, then asked by all reactors.
// The library behind it stays behind it: nothing above sees more than this header.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace carillon::json_schema {

/// Why a text cannot serve as a schema. `line` counts from 1.
struct SchemaError {
  std::size_t line = 1;
  std::string message;
};

/// Why data does not fit: where, as a JSON pointer (RFC 6901; empty: the whole), and what it must
/// be. Both are printable ASCII or UTF-8 of the schema's and the data's own.
struct Violation {
  std::string pointer;
  std::string reason;
};

/// The reason for people, after the pointer where there is one: `/user/name: must be a string`.
std::string describe(const Violation& violation);

struct Program;

/// A compiled schema.
/// Thread:   immutable; shared by all reactors.
/// Lifetime: copies share what was compiled.
class Schema {
 public:
  /// Errors: what is no JSON, a keyword with a value that it cannot have, and what is not served:
  ///         `pattern`, `patternProperties`, a `format` that names a grammar (regular expressions
  ///         may not see what strangers send), `$ref` to another document, keywords that only
  ///         other drafts have, a schema that refers to itself without going into the data, and
  ///         more than `limits.hpp` allows. Unknown keywords are ignored, as draft 7 says.
  static Result<Schema, SchemaError> compile(Bytes text);

  /// Fits nothing, and says so: stands for a schema that cannot be had.
  static Schema refuse_all(std::string reason);

  /// Checks `json`, a valid text no deeper than json::Limits.
  /// Numbers are compared exactly where both are integers of 64 bits, as doubles otherwise;
  /// `multipleOf` goes by their decimals.
  /// Errors: the first place that does not fit; also a number no double holds, and data whose check
  ///         takes more than its share of steps (limits.hpp).
  Result<void, Violation> check(Bytes json) const;

 private:
  explicit Schema(std::shared_ptr<const Program> program) : program_(std::move(program)) {}

  std::shared_ptr<const Program> program_;
};

}  // namespace carillon::json_schema
