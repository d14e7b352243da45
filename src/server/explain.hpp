// What somebody may do in a channel, and which line of the configuration says so.
#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"
#include "server/config.hpp"

namespace carillon::server {

/// A line for each action, for `user` with a token that names them and grants nothing more, or for
/// clients without a token where it is empty.
/// Errors: a sentence: that is no channel's name.
Result<std::string, std::string> explain(const Config& config, std::string_view channel,
                                         std::string_view user);

}  // namespace carillon::server
