// What `carillon serve --lab` adds for the visitors of /lab: the octets of their connections, and
// means to disturb these. A request names whose it is by the parameter `lab`.
#pragma once

#include <cstddef>

#include "transport/common/router.hpp"

namespace carillon::transport {

/// Call it when all other routes are there: from then on each obeys `lab_delay_ms`, which holds a
/// request back before it is looked at, and `lab_block`, which refuses an upgrade. Beside them:
///   GET  /api/lab/wire?visitor=V   what each of V's labels (`V.sse`) has moved
///   POST /api/lab/cut?lab=V.sse    resets the connections that carry that label
void add_lab(Router& router, std::size_t reactor_count);

}  // namespace carillon::transport
