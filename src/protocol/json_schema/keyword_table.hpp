// What each keyword of a schema means to the compiler.
#pragma once

#include <span>
#include <string_view>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/json_schema/compiler.hpp"

namespace carillon::json_schema {

struct Keyword {
  std::string_view name;
  /// Adds what the keyword's value demands.
  Result<void, SchemaError> (*read)(Site&, const json::Value&);
};

/// In the order in which they are checked: first what looks at one value, then what goes on to
/// others.
std::span<const Keyword> keywords();

/// Why that keyword is refused, e.g. "regular expressions are not served"; empty: it is not.
std::string_view refusal_of(Bytes name);

}  // namespace carillon::json_schema
