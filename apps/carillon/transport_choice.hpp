// Which technology fits which requirements: the decision tree that the project began with. The
// client in TypeScript has the same (sdk/js/src/choose.ts); tests/vectors/choose.json holds both to
// it.
#pragma once

#include <string_view>

namespace carillon::app {

/// What an application needs of its transport.
struct Requirements {
  bool peer_to_peer = false;
  bool video_streaming = false;
  bool client_to_server = false;
  bool server_to_client = false;
  bool high_frequency = false;
  bool gaming = false;
  bool simple = false;
  bool binary = false;
  bool infrequent = false;
};

struct TransportChoice {
  /// `WebRTC`, `WebSocket`, `Socket.io`, `SSE` or `Long Polling`.
  std::string_view technology;
  /// What decided it: a clause that goes on from "because".
  std::string_view reason;
  /// How it is to be had here.
  std::string_view offer;
};

TransportChoice choose_transport(const Requirements& needs);

}  // namespace carillon::app
