// Small files as whole texts.
#pragma once

#include <filesystem>
#include <string>

#include "core/result.hpp"

namespace carillon::server {

/// At most 1 MiB.
/// Errors: why not, in words that follow the file's name.
Result<std::string, std::string> read_text_file(const std::string& path);

/// Writes a file that its owner alone may read, whole or not at all. False, and a warning: it could
/// not be kept.
bool keep_private_file(const std::filesystem::path& path, const std::string& text);

}  // namespace carillon::server
