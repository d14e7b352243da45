// What a shell gives as data, as the JSON that is published.
#pragma once

#include <string>

#include "apps/carillon/pub.hpp"
#include "core/bytes.hpp"
#include "core/result.hpp"

namespace carillon::app {

/// The same reading that the server gives a body (docs/protocol.md §2), for requests that hold more
/// than the data. Errors: a sentence: not JSON, or not UTF-8. `type` is not Binary.
Result<std::string, std::string> json_of(Bytes text, DataType type);

}  // namespace carillon::app
