// Fields of an answer as the application gives them.
#pragma once

#include "core/bytes.hpp"
#include "protocol/http1/fields.hpp"

namespace carillon::facade {

/// Adds a field, unless it is one that the server writes itself (framing, the connection's and the
/// handshake's). Throws std::invalid_argument for a name that is no token.
void add_header(http1::Fields& fields, Bytes name, Bytes value);

}  // namespace carillon::facade
