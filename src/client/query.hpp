// Request targets with parameters.
#pragma once

#include <string>

#include "core/bytes.hpp"

namespace carillon::client {

/// Appends `?name=value`, or `&name=value` where a query has begun. `name` is a word of our own; in
/// `value` all but RFC 3986's unreserved octets and `:` `,` `/` is percent-encoded.
void append_parameter(std::string& target, Bytes name, Bytes value);

}  // namespace carillon::client
