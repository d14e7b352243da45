// The schemas of `[namespace.NAME] schema`, read from their files.
#pragma once

#include <string>

#include "core/result.hpp"
#include "protocol/json_schema/schema.hpp"

namespace carillon::server {

/// Errors: a sentence that begins with the path, and the line where there is one:
///         `schemas/chat.json:17: …`.
Result<json_schema::Schema, std::string> read_schema(const std::string& path);

}  // namespace carillon::server
