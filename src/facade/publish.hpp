// Publishing from inside the program.
#pragma once

#include <functional>
#include <string_view>

#include "carillon/channel.hpp"
#include "facade/core.hpp"

namespace carillon::facade {

/// As Server::publish.
bool publish(Core& core, std::string_view channel, std::string_view data,
             const PublishOptions& options, std::function<void(const PublishResult&)> done);

}  // namespace carillon::facade
