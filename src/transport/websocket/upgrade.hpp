// The request that becomes a WebSocket.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "core/result.hpp"
#include "protocol/websocket/handshake.hpp"
#include "transport/common/request.hpp"
#include "transport/common/response.hpp"
#include "transport/common/router.hpp"

namespace carillon::transport {

class Exchange;
class Worker;

/// Whether the request may become a WebSocket, and how; the error is the answer if not.
/// `deflate`: how messages may be compressed; empty: not at all.
Result<websocket::Accept, Response> judge_upgrade(
    const Request& request, std::span<const std::string_view> subprotocols,
    const std::optional<websocket::DeflatePolicy>& deflate);

/// The 101 that accepts it; over HTTP/2 a 200.
ResponseHead switching_head(const websocket::Accept& accept);

/// `GET /ws` (docs/protocol.md §3).
void serve_upgrade(Worker& worker, Exchange& exchange);

void add_websocket_routes(Router& router);

}  // namespace carillon::transport
