#include "load/options.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <map>

#include "load/payload.hpp"

namespace carillon::bench {
namespace {

const std::map<std::string, Mode> kModes = {{"fan-out", Mode::FanOut},
                                            {"echo", Mode::Echo},
                                            {"storm", Mode::Storm},
                                            {"idle", Mode::Idle},
                                            {"requests", Mode::Requests}};
const std::map<std::string, Transport> kTransports = {
    {"websocket", Transport::WebSocket},
    {"sse", Transport::Events},
    {"longpoll", Transport::LongPoll},
    {"socketio", Transport::SocketIo},
    {"socketio_polling", Transport::SocketIoPolling}};

void add_dialect(CLI::App& app, Dialect& dialect) {
  app.add_option("--transport", dialect.transport)->transform(CLI::Transformer(kTransports));
  app.add_option("--path", dialect.path, "what subscribers ask for");
  app.add_option("--first-path", dialect.first_path, "what a long poll asks for first");
  app.add_option("--field", dialect.fields, "another line of each request's head");
  app.add_option("--subscribe", dialect.subscribe, "what a subscriber says when it is connected");
  app.add_option("--ready", dialect.ready, "what a subscriber hears when it is subscribed");
  app.add_option("--publish-path", dialect.publish_path, "where the publisher's WebSocket goes");
  app.add_option("--publish", dialect.publish, "one publication, with {payload} in it");
}

void add_amounts(CLI::App& app, Options& options) {
  app.add_option("--connections", options.connections)->check(CLI::PositiveNumber);
  app.add_option("--streams", options.streams, "on each HTTP/2 connection; 0: HTTP/1.1");
  app.add_option("--in-flight", options.in_flight)->check(CLI::PositiveNumber);
  app.add_option("--messages", options.messages)->check(CLI::PositiveNumber);
  app.add_option("--warm-up", options.warm_up);
  app.add_option("--burst", options.burst)->check(CLI::PositiveNumber);
  app.add_option("--rate", options.rate, "messages a second; 0: the next when all have the last");
  app.add_flag("--flood", options.flood, "one more client publishes as fast as it can");
  app.add_option("--payload-bytes", options.payload_bytes)
      ->check(CLI::Range(kPayloadLeastBytes, kPayloadMostBytes));
}

void add_measurements(CLI::App& app, Options& options) {
  app.add_option("--server-pid", options.server);
  app.add_option("--server-cpu", options.server_cpus, "a cpu whose ksoftirqd counts as well");
  app.add_option("--metrics-path", options.metrics_path);
  app.add_option("--counter", options.counters, "a family of metrics to tell the increase of");
}

}  // namespace

Options parse_options(int count, char** words) {
  CLI::App app("Loads a real-time server and checks what arrives; prints JSON.", "bench_load");
  Options options;
  options.dialect.publish = "{payload}";
  long quiet = options.quiet.count();
  long patience = options.patience.count();
  app.add_option("mode", options.mode)->required()->transform(CLI::Transformer(kModes));
  app.add_option("--port", options.port)->required();
  app.add_option("--channel", options.channel);
  app.add_flag_callback("--tls", [&options] { options.security = Security::Tls; });
  app.add_option("--quiet-s", quiet, "how long idle connections are left alone");
  app.add_option("--patience-s", patience, "without progress it gives up after so long");
  add_dialect(app, options.dialect);
  add_amounts(app, options);
  add_measurements(app, options);
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  options.quiet = std::chrono::seconds(quiet);
  options.patience = std::chrono::seconds(patience);
  return options;
}

}  // namespace carillon::bench
