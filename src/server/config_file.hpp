// The file layer: TOML into a draft.
#pragma once

#include <string>
#include <string_view>

#include "server/config_draft.hpp"

namespace carillon::server {

/// Reads the file at `path`, which must be a regular one of 1 MiB at most.
void apply_file(const std::string& path, ConfigDraft& draft);

/// The same for what has been read; `source` names it in problems.
void apply_toml(std::string_view text, const std::string& source, ConfigDraft& draft);

}  // namespace carillon::server
