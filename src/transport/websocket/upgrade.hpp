// The request that becomes a WebSocket.
#pragma once

#include "transport/common/router.hpp"

namespace carillon::transport {

class Exchange;
class Worker;

/// `GET /ws` (docs/protocol.md §3).
void serve_upgrade(Worker& worker, Exchange& exchange);

void add_websocket_routes(Router& router);

}  // namespace carillon::transport
