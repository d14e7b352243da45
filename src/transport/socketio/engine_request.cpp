#include "transport/socketio/engine_request.hpp"

#include "access/authority.hpp"
#include "protocol/http1/list.hpp"

namespace carillon::transport {
namespace {

using engineio::Refusal;
using engineio::Transport;

constexpr Bytes kVersion = "4";

std::optional<Transport> transport_of(const Request& request, const EngineOptions& options) {
  const auto name = request.parameter("transport");
  if (name == "polling" && options.polling) return Transport::Polling;
  if (name == "websocket" && options.websocket) return Transport::WebSocket;
  return std::nullopt;
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
  const bool upgrades = asks_for_websocket(request);
  const auto id = request.parameter("sid");
  if (id && !id->empty()) {
    if (upgrades && *transport == Transport::Polling) return std::unexpected(Refusal::BadRequest);
    return EngineRequest{.transport = *transport, .session_id = id};
  }
  if (!upgrades && request.method != "GET") return std::unexpected(Refusal::BadHandshakeMethod);
  if (upgrades != (*transport == Transport::WebSocket)) return std::unexpected(Refusal::BadRequest);
  if (request.parameter("EIO") != kVersion) return std::unexpected(Refusal::UnsupportedVersion);
  return EngineRequest{.transport = *transport, .session_id = {}};
}

}  // namespace carillon::transport
