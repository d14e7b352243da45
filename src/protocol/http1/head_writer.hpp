// The lines that heads of both directions share.
#pragma once

#include <string>

#include "core/bytes.hpp"
#include "protocol/http1/fields.hpp"
#include "protocol/http1/framing.hpp"

namespace carillon::http1 {

void append_field(std::string& out, Bytes name, Bytes value);

/// All but Content-Length and Transfer-Encoding: those are append_framing()'s.
void append_fields(std::string& out, const Fields& fields);

/// Source: RFC 9112 §6.1, §6.2.
void append_framing(std::string& out, Framing framing);

}  // namespace carillon::http1
