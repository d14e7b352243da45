// Short polling: what is there now, by position, by time or the latest.
#pragma once

#include "transport/common/router.hpp"

namespace carillon::transport {

class Exchange;
class Worker;

/// `GET /api/messages` (docs/protocol.md §2).
void serve_poll(Worker& worker, Exchange& exchange);

void add_polling_routes(Router& router);

}  // namespace carillon::transport
