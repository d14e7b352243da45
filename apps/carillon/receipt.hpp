// What is printed of a publication that was taken.
#pragma once

#include <string>

#include "apps/carillon/client_flags.hpp"
#include "core/bytes.hpp"

namespace carillon::app {

/// Its position, or with --json all of it. `receipt` is the server's JSON.
std::string receipt_line(OutputForm form, Bytes receipt);

}  // namespace carillon::app
