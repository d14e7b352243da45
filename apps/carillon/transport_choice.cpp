#include "apps/carillon/transport_choice.hpp"

namespace carillon::app {
namespace {

constexpr std::string_view kWebSocketOffer =
    "GET /ws, and the client falls back where it is blocked";

constexpr TransportChoice kPeers{
    .technology = "WebRTC",
    .reason = "media and data from client to client need no server in the middle",
    .offer = "not yet; signals between clients will travel over channels"};
constexpr TransportChoice kBothWaysFast{
    .technology = "WebSocket",
    .reason = "many updates a second go both ways, and a request for each would cost too much",
    .offer = kWebSocketOffer};
constexpr TransportChoice kBothWays{
    .technology = "Socket.io",
    .reason =
        "messages go both ways at a moderate pace, so that falling back counts more than speed",
    .offer = "@carillon/client, which falls back by itself: WebSocket, SSE, long polling, polling"};
constexpr TransportChoice kDownSimple{
    .technology = "SSE",
    .reason =
        "simple text goes from the server to the client alone: browsers reconnect by themselves",
    .offer = "GET /api/events"};
constexpr TransportChoice kDown{
    .technology = "WebSocket",
    .reason =
        "what goes from the server to the client is not said to be simple, or is binary, "
        "which event streams carry as text alone",
    .offer = kWebSocketOffer};
constexpr TransportChoice kInfrequent{
    .technology = "Long Polling",
    .reason = "updates are infrequent, and plain requests pass everywhere",
    .offer = "GET /api/messages/subscribe"};
constexpr TransportChoice kDefault{.technology = "WebSocket",
                                   .reason = "nothing speaks against the one that can do most",
                                   .offer = kWebSocketOffer};

}  // namespace

TransportChoice choose_transport(const Requirements& needs) {
  if (needs.peer_to_peer || needs.video_streaming) return kPeers;
  if (needs.client_to_server && needs.server_to_client) {
    return needs.high_frequency || needs.gaming ? kBothWaysFast : kBothWays;
  }
  if (needs.server_to_client) return needs.simple && !needs.binary ? kDownSimple : kDown;
  return needs.infrequent ? kInfrequent : kDefault;
}

}  // namespace carillon::app
