// CBOR items as the JSON that means the same: for data that a command holds member by member.
#pragma once

#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/native/members.hpp"

namespace carillon::native {

/// Appends the JSON value of one valid item; undefined is null.
/// Errors: what JSON has no value for: byte strings, tags, floats that are no finite number, other
///         simple values.
/// Source: RFC 8949 §6.1, but that nothing is replaced by something else.
Result<void, Fault> append_json(std::string& out, Bytes item);

}  // namespace carillon::native
