#include "transport/http_api/routes.hpp"

namespace carillon::transport {

void add_http_api_routes(Router& router, const Settings& settings) {
  const std::uint64_t body = settings.http.body_bytes;
  router.add("POST", "/api/messages", {.handler = serve_publish, .body_limit_bytes = body});
  router.add("POST", "/api/commands", {.handler = serve_commands, .body_limit_bytes = body});
  router.add("GET", "/api/channels", {.handler = serve_channels});
  router.add("POST", "/api/broadcast", {.handler = serve_broadcast, .body_limit_bytes = body});
  router.add("GET", "/api/clients", {.handler = serve_clients});
  router.add("POST", "/api/disconnect", {.handler = serve_disconnect, .body_limit_bytes = body});
  router.add("POST", "/api/subscribe", {.handler = serve_subscribe, .body_limit_bytes = body});
  router.add("POST", "/api/unsubscribe", {.handler = serve_unsubscribe, .body_limit_bytes = body});
  router.add("POST", "/api/revoke", {.handler = serve_revoke, .body_limit_bytes = body});
  router.add("GET", "/api/transports", {.handler = serve_transports});
  router.add("GET", "/api/presence", {.handler = serve_presence});
  router.add("DELETE", "/api/history", {.handler = serve_delete_history});
}

void add_rtc_routes(Router& router, const RelayDoors& doors) {
  router.add("GET", "/api/rtc/config", {.handler = [&doors](Worker& worker, Exchange& exchange) {
               serve_rtc_config(worker, exchange, doors);
             }});
}

}  // namespace carillon::transport
