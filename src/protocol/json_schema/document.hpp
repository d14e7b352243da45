// JSON text as the tree that valijson looks at.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace carillon::json_schema {

/// Reads `text`, which is valid JSON of bounded depth. Integral numbers become 64-bit integers
/// where these hold them (1.0 is 1), all others doubles; so each number has one form.
/// Errors: the JSON pointer of a number that no double holds.
Result<nlohmann::json, std::string> read_document(Bytes text);

/// `/` and the name as a token of a JSON pointer (RFC 6901 §3).
void append_token(std::string& pointer, Bytes name);

}  // namespace carillon::json_schema
