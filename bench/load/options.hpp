// What the load generator is told: whom to talk to, in which words, and how much.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "load/wire.hpp"

namespace carillon::bench {

enum class Mode : std::uint8_t {
  FanOut,    // one publisher, many subscribers
  Echo,      // every connection sends, waits for its own message, and sends again
  Storm,     // connections, as fast as they open
  Idle,      // connections that do nothing
  Requests,  // GETs over HTTP/2, by h2load
};

enum class Transport : std::uint8_t { WebSocket, Events, LongPoll, SocketIo, SocketIoPolling };

/// How one server wants to be spoken to. In all texts `{channel}` and `{payload}` are filled in,
/// and in those of requests `{Some-Field}` with the last response's field: a line whose field has
/// not been seen is left out.
struct Dialect {
  Transport transport = Transport::WebSocket;
  std::string path = "/";
  std::string first_path;           // of a long poll that only learns where it stands
  std::vector<std::string> fields;  // further lines of each request's head
  std::string subscribe;            // said when it is connected; empty: nothing
  std::string ready;                // a text with this says that it is subscribed; empty: at once
  std::string publish_path = "/";   // a WebSocket too
  std::string publish;              // one publication
};

struct Options {
  Mode mode = Mode::FanOut;
  Dialect dialect;
  std::uint16_t port = 0;
  Security security = Security::None;
  std::size_t streams = 0;  // event streams on each HTTP/2 connection; 0: HTTP/1.1
  std::string channel = "bench";
  std::size_t connections = 1;
  std::size_t in_flight = 256;  // connections that open at a time
  std::size_t messages = 1;     // of a fan-out: in all; of an echo: round trips in all
  std::size_t warm_up = 0;      // messages before those that count
  std::size_t burst = 1;        // messages published at a time
  double rate = 0;              // messages a second; 0: lockstep
  std::size_t payload_bytes = 128;
  bool flood = false;                 // of a fan-out: one more client publishes as fast as it can
  std::chrono::seconds quiet{60};     // of the idle mode
  std::chrono::seconds patience{30};  // without any progress
  // What is measured of the server.
  pid_t server = 0;                   // with its descendants
  std::vector<int> server_cpus;       // whose ksoftirqd works for it
  std::string metrics_path;           // empty: none
  std::vector<std::string> counters;  // the families of interest there
};

/// Prints what is wrong and exits on a bad command line.
Options parse_options(int count, char** words);

}  // namespace carillon::bench
