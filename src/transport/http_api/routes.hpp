// The plain HTTP calls of docs/protocol.md §2: what needs no open connection.
#pragma once

#include "transport/common/router.hpp"
#include "transport/common/settings.hpp"

namespace carillon::transport {

class Exchange;
class Worker;

/// `POST /api/messages`
void serve_publish(Worker& worker, Exchange& exchange);
/// `POST /api/commands`
void serve_commands(Worker& worker, Exchange& exchange);
/// `GET /api/channels`
void serve_channels(Worker& worker, Exchange& exchange);
/// `GET /api/transports`
void serve_transports(Worker& worker, Exchange& exchange);
/// `GET /api/presence`, `DELETE /api/history`
void serve_not_supported(Worker& worker, Exchange& exchange);

void add_http_api_routes(Router& router, const Settings& settings);

}  // namespace carillon::transport
