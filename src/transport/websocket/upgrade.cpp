#include "transport/websocket/upgrade.hpp"

#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include "protocol/websocket/handshake.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/introduction.hpp"
#include "transport/common/limiter.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/worker.hpp"
#include "transport/websocket/endpoint.hpp"

namespace carillon::transport {
namespace {

/// Who offers both is given the one that costs less.
constexpr std::array<std::string_view, 2> kSubprotocols = {kCborSubprotocol, "carillon.json"};

websocket::UpgradeRequest upgrade_request(const Request& request) {
  const bool connects = request.connect_protocol == "websocket";
  websocket::UpgradeRequest upgrade{.carrier = !request.is_http_2 ? websocket::Carrier::Upgrade
                                               : connects ? websocket::Carrier::ExtendedConnect
                                                          : websocket::Carrier::PlainHttp2,
                                    .method = request.method,
                                    .is_http_1_1_or_later = request.is_http_1_1_or_later,
                                    .fields = {}};
  for (std::size_t i = 0; i < request.fields->size(); ++i) {
    const http1::Field field = request.fields->at(i);
    upgrade.fields.add(field.name, field.value);
  }
  return upgrade;
}

Response refusal_response(websocket::HandshakeError error) {
  const websocket::Refusal refusal = websocket::refusal_of(error);
  Response response =
      problem_response(native::ProblemCode::BadRequest, refusal.detail, refusal.status);
  for (const websocket::Field& field : refusal.fields) response.add(field.name, field.value);
  return response;
}

void upgrade(Worker& worker, Exchange& exchange, const websocket::Accept& accept,
             access::Identity identity) {
  Caller caller = caller_without_session(worker, exchange.request(), std::move(identity));
  caller.client = worker.sessions().make_client_id();
  auto seat = take_seat(worker, caller, Comes::Anew);
  if (!seat) return exchange.respond(problem_response(seat.error()));
  auto handler =
      std::make_unique<WebSocketEndpoint>(worker, std::move(caller), *std::move(seat), accept);
  WebSocketEndpoint& endpoint = *handler;
  net::ByteStream& stream = exchange.take_over(switching_head(accept), std::move(handler));
  endpoint.open(stream);
}

}  // namespace

Result<websocket::Accept, Response> judge_upgrade(
    const Request& request, std::span<const std::string_view> subprotocols,
    const std::optional<websocket::DeflatePolicy>& deflate) {
  auto accept = websocket::accept_upgrade(upgrade_request(request), subprotocols, deflate);
  if (!accept) return std::unexpected(refusal_response(accept.error()));
  return std::move(*accept);
}

ResponseHead switching_head(const websocket::Accept& accept) {
  const bool upgrades = !accept.accept_key.empty();
  ResponseHead head{.status = upgrades ? 101 : 200, .fields = {}};
  if (upgrades) {
    head.fields.add("Upgrade", "websocket");
    head.fields.add("Connection", "Upgrade");
    head.fields.add("Sec-WebSocket-Accept", accept.accept_key);
  }
  if (accept.subprotocol) head.fields.add("Sec-WebSocket-Protocol", *accept.subprotocol);
  if (accept.deflate) head.fields.add("Sec-WebSocket-Extensions", accept.deflate->response);
  return head;
}

void serve_upgrade(Worker& worker, Exchange& exchange) {
  const Request& request = exchange.request();
  auto accept =
      judge_upgrade(request, kSubprotocols, worker.settings().websocket.compression.policy);
  if (!accept) return exchange.respond(std::move(accept.error()));
  with_identity(
      worker, exchange, TransportKind::WebSocket,
      [accepted = *std::move(accept)](Worker& at, Exchange& asked, access::Identity identity) {
        upgrade(at, asked, accepted, std::move(identity));
      });
}

void add_websocket_routes(Router& router) {
  router.add("GET", "/ws",
             {.handler = serve_upgrade, .kind = RouteKind::Stream, .takes_upgrades = true});
}

}  // namespace carillon::transport
