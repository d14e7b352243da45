// Tokens that the application verifies in its own way (see AccessHooks).
#pragma once

#include "core/bytes.hpp"
#include "transport/common/access_hooks.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {

/// Whose token that is. `done` is called at the end of a tick, never within this call.
/// Errors: Unauthenticated, for a token that has been revoked too; Unavailable.
void verify_by_application(Worker& worker, Bytes token, Verified done);

}  // namespace carillon::transport
