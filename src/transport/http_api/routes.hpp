// The plain HTTP calls of docs/protocol.md §2: what needs no open connection.
#pragma once

#include "transport/common/router.hpp"
#include "transport/common/settings.hpp"
#include "transport/http_api/ice_servers.hpp"

namespace carillon::transport {

class Exchange;
class Worker;

/// `POST /api/messages`
void serve_publish(Worker& worker, Exchange& exchange);
/// `POST /api/commands`
void serve_commands(Worker& worker, Exchange& exchange);
/// `GET /api/channels`
void serve_channels(Worker& worker, Exchange& exchange);
/// `POST /api/disconnect`
void serve_disconnect(Worker& worker, Exchange& exchange);
/// `POST /api/subscribe`
void serve_subscribe(Worker& worker, Exchange& exchange);
/// `POST /api/unsubscribe`
void serve_unsubscribe(Worker& worker, Exchange& exchange);
/// `GET /api/clients`
void serve_clients(Worker& worker, Exchange& exchange);
/// `POST /api/revoke`
void serve_revoke(Worker& worker, Exchange& exchange);
/// `GET /api/transports`
void serve_transports(Worker& worker, Exchange& exchange);
/// `DELETE /api/history`
void serve_delete_history(Worker& worker, Exchange& exchange);
/// `POST /api/broadcast`
void serve_broadcast(Worker& worker, Exchange& exchange);
/// `GET /api/presence`
void serve_presence(Worker& worker, Exchange& exchange);

/// `GET /api/rtc/config`
void serve_rtc_config(Worker& worker, Exchange& exchange, const RelayDoors& doors);

void add_http_api_routes(Router& router, const Settings& settings);
/// `doors` may be filled later, before the first reactor runs; they outlive the router.
void add_rtc_routes(Router& router, const RelayDoors& doors);

}  // namespace carillon::transport
