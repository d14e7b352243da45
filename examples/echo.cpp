// Sends every WebSocket message back, on every path.
// CARILLON_SERVER_LISTEN says where.
#include <carillon/carillon.hpp>

int main() {
  carillon::Server server;
  server.web_socket(
      "/*", {
                .max_message_bytes = 32 * 1024 * 1024,
                .compression = carillon::Compression::On,
                .on_message = [](carillon::WebSocket& socket,
                                 const carillon::Message& message) { socket.send(message); },
            });
  server.run();
}
