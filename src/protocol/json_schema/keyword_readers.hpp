// The functions behind the keyword table. Each adds what the value of its keyword demands.
// Errors: a value that the keyword cannot have, with its line.
#pragma once

#include "core/result.hpp"
#include "protocol/json_schema/compiler.hpp"

namespace carillon::json_schema {

using Read = Result<void, SchemaError>;

// assertion_keywords.cpp: what looks at one value.
Read read_type(Site& site, const json::Value& value);
Read read_const(Site& site, const json::Value& value);
Read read_enum(Site& site, const json::Value& value);
Read read_maximum(Site& site, const json::Value& value);
Read read_exclusive_maximum(Site& site, const json::Value& value);
Read read_minimum(Site& site, const json::Value& value);
Read read_exclusive_minimum(Site& site, const json::Value& value);
Read read_multiple_of(Site& site, const json::Value& value);
Read read_max_length(Site& site, const json::Value& value);
Read read_min_length(Site& site, const json::Value& value);
Read read_max_items(Site& site, const json::Value& value);
Read read_min_items(Site& site, const json::Value& value);
Read read_max_properties(Site& site, const json::Value& value);
Read read_min_properties(Site& site, const json::Value& value);
Read read_unique_items(Site& site, const json::Value& value);
Read read_required(Site& site, const json::Value& value);
Read read_format(Site& site, const json::Value& value);
Read read_draft(Site& site, const json::Value& value);
Read read_id(Site& site, const json::Value& value);

// applicator_keywords.cpp: what goes on to other schemas.
Read read_dependencies(Site& site, const json::Value& value);
Read read_property_names(Site& site, const json::Value& value);
Read read_properties(Site& site, const json::Value& value);
Read read_additional_properties(Site& site, const json::Value& value);
Read read_items(Site& site, const json::Value& value);
Read read_additional_items(Site& site, const json::Value& value);
Read read_contains(Site& site, const json::Value& value);
Read read_all_of(Site& site, const json::Value& value);
Read read_any_of(Site& site, const json::Value& value);
Read read_one_of(Site& site, const json::Value& value);
Read read_not(Site& site, const json::Value& value);
Read read_if(Site& site, const json::Value& value);
Read read_branch(Site& site, const json::Value& value);
Read read_definitions(Site& site, const json::Value& value);

}  // namespace carillon::json_schema
