// Server-Sent Events: new EventSource("http://127.0.0.1:8000/ticks") counts, and goes on where it
// was after a lost connection.
#include <carillon/carillon.hpp>

#include <chrono>
#include <string>

using namespace std::chrono_literals;

int main() {
  carillon::Server server;
  server.event_stream(
      "/ticks", {
                    .on_open =
                        [](carillon::EventStream& stream, const carillon::Request& request) {
                          stream.send({.data = "welcome", .event = "hello", .retry = 500ms});
                          stream.subscribe("ticker", request.header("last-event-id").value_or(""));
                        },
                });
  int count = 0;
  server.every(200ms, [&] { server.publish("ticker", std::to_string(++count)); });
  server.run();
}
