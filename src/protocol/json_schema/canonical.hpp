// Equality of JSON values as equality of texts: one text for all ways to write a value.
#pragma once

#include <string>
#include <valijson/internal/adapter.hpp>

#include "protocol/json_schema/number.hpp"

namespace carillon::json_schema {

/// The number of a value that is one, in a document of read_document().
Number number_of(const valijson::adapters::Adapter& value);

/// Appends the value without white space, members in the order of their names, and numbers in
/// their one form. Two values are equal (draft 7, §4.2.3 of the core) exactly if their texts are.
void append_canonical(std::string& out, const valijson::adapters::Adapter& value);

}  // namespace carillon::json_schema
