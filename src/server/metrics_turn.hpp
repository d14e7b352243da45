// What `/metrics` says of the TURN relay.
#pragma once

#include <vector>

#include "server/metrics_text.hpp"
#include "transport/turn/service.hpp"

namespace carillon::server {

/// One entry per reactor, in their order; none: there is no relay.
void write_turn(MetricsText& out, const std::vector<transport::TurnCounts>& reactors);

}  // namespace carillon::server
