// The application's own word on who clients are and what they may do.
#pragma once

#include "carillon/access.hpp"
#include "facade/core.hpp"
#include "transport/common/access_hooks.hpp"

namespace carillon::facade {

/// What the transports ask. Throws std::invalid_argument for a time out of range.
transport::AccessHooks access_hooks(Core& core, const AccessOptions& options);

}  // namespace carillon::facade
