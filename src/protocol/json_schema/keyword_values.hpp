// Values of keywords, read with the errors that tell what they must be.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/json_schema/compiler.hpp"
#include "protocol/json_schema/keyword_readers.hpp"

namespace carillon::json_schema {

/// A member with its name decoded.
using NamedValue = std::pair<std::string, json::Value>;

Result<Number, SchemaError> read_number(Site& site, const json::Value& value, Bytes keyword);
/// An integer from 0 on; 2.0 is one (draft 7).
Result<std::uint64_t, SchemaError> read_count(Site& site, const json::Value& value, Bytes keyword);
Result<std::vector<json::Value>, SchemaError> read_list(Site& site, const json::Value& value,
                                                        Bytes keyword);
/// Errors: also for U+0000 in a name, at which valijson would end it.
Result<std::vector<NamedValue>, SchemaError> read_members(Site& site, const json::Value& value,
                                                          Bytes keyword);
/// Names of members.
Result<std::vector<std::string>, SchemaError> read_names(Site& site, const json::Value& value,
                                                         Bytes keyword);
Result<std::string, SchemaError> canonical_of(Site& site, const json::Value& value);

}  // namespace carillon::json_schema
