#include "transport/socketio/engine_request.hpp"

#include "access/authority.hpp"
#include "protocol/http1/list.hpp"

namespace carillon::transport {
namespace {

using engineio::Refusal;
using engineio::Transport;

std::optional<Transport> transport_of(const Request& request, const EngineOptions& options) {
  const auto name = request.parameter("transport");
  if (name == "polling" && options.polling) return Transport::Polling;
  if (name == "websocket" && options.websocket) return Transport::WebSocket;
  return std::nullopt;
}

std::optional<engineio::Version> version_of(const Request& request, const EngineOptions& options) {
  const auto version = request.parameter("EIO");
  if (version == "4") return engineio::Version::V4;
  if (version == "3" && options.allow_eio3) return engineio::Version::V3;
  return std::nullopt;
}

/// For browsers that know no CORS: any page could read such answers, so there are none.
bool asks_for_jsonp(const Request& request) {
  return request.parameter("j").has_value();
}

}  // namespace

bool asks_for_websocket(const Request& request) {
  if (request.connect_protocol == "websocket") return true;
  const auto upgrade = request.field("upgrade");
  return upgrade && access::equal_ignoring_case(*upgrade, "websocket");
}

Result<EngineRequest, Refusal> judge_engine_request(const Request& request,
                                                    const EngineOptions& options) {
  const auto transport = transport_of(request, options);
  if (!transport) return std::unexpected(Refusal::UnknownTransport);
  if (*transport == Transport::Polling && asks_for_jsonp(request)) {
    return std::unexpected(Refusal::BadRequest);
  }
  const bool upgrades = asks_for_websocket(request);
  const auto id = request.parameter("sid");
  if (id && !id->empty()) {
    if (upgrades && *transport == Transport::Polling) return std::unexpected(Refusal::BadRequest);
    return EngineRequest{.transport = *transport, .session_id = id, .dialect = {}};
  }
  if (!upgrades && request.method != "GET") return std::unexpected(Refusal::BadHandshakeMethod);
  if (upgrades != (*transport == Transport::WebSocket)) return std::unexpected(Refusal::BadRequest);
  const auto version = version_of(request, options);
  if (!version) return std::unexpected(Refusal::UnsupportedVersion);
  const bool text_only = !request.parameter("b64").value_or("").empty();
  return EngineRequest{.transport = *transport,
                       .session_id = {},
                       .dialect = {.version = *version, .text_only = text_only}};
}

}  // namespace carillon::transport
