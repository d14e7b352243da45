// Files that the settings name, read whole.
#pragma once

#include <string>

#include "core/result.hpp"

namespace carillon::server {

/// The content of the file at `path`, 1 MiB at most.
/// Errors: why not, after the path: "cannot be read: …".
Result<std::string, std::string> read_small_file(const std::string& path);

}  // namespace carillon::server
