// A program that uses the library as strangers would, in every way that the tests ask about.
#include <carillon/carillon.hpp>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using carillon::Opening;
using carillon::Request;
using carillon::Response;
using carillon::Server;

namespace {

/// What `/counters` tells.
struct Counters {
  std::atomic<int> opened{0};
  std::atomic<int> closed{0};
  std::atomic<int> responses_closed{0};
  std::atomic<int> streams_closed{0};
  std::atomic<int> refused_sends{0};
  std::atomic<int> drained{0};
  std::atomic<int> wrong_threads{0};
  std::atomic<int> heard{0};
  std::atomic<int> ticks{0};
  std::atomic<int> last_code{0};
};

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char octet : text) {
    if (octet == '"' || octet == '\\') out.push_back('\\');
    if (octet >= ' ') out.push_back(octet);
  }
  return out + "\"";
}

std::string described(const Request& request) {
  std::ostringstream out;
  out << R"({"method":)" << quoted(request.method()) << R"(,"path":)" << quoted(request.path())
      << R"(,"name":)" << quoted(request.parameter("name")) << R"(,"rest":)"
      << quoted(request.parameter("*")) << R"(,"query":)" << quoted(request.query("q").value_or(""))
      << R"(,"all":)" << request.query_all("q").size() << R"(,"header":)"
      << quoted(request.header("X-Test").value_or("")) << R"(,"cookie":)"
      << quoted(request.cookie("taste").value_or("")) << R"(,"origin":)"
      << quoted(request.origin().value_or("")) << R"(,"host":)" << quoted(request.host())
      << R"(,"address":)" << quoted(request.address()) << R"(,"secure":)"
      << (request.is_secure() ? "true" : "false") << R"(,"body":)" << quoted(request.body()) << "}";
  return out.str();
}

/// Writes `left` pieces as fast as the client takes them.
void pour(Response& response, const std::shared_ptr<int>& left, std::size_t piece_bytes,
          Counters& counters) {
  const std::string piece(piece_bytes, 'x');
  while (*left > 0) {
    if (!response.write(piece)) {
      if (response.is_open()) ++counters.refused_sends;
      return;
    }
    --*left;
  }
  response.finish();
}

/// Answers whose endings are unusual.
void add_endings(Server& server, Counters& counters) {
  server.route("GET", "/endless", [](const Request&, Response& response) {
    while (response.write("on and on\n")) {
    }
  });
  server.route("GET", "/until_shutdown", [](const Request&, Response& response) {
    response.write("for ever\n");
    response.on_shutdown([](Response& ending) {
      ending.write("no longer\n");
      ending.finish();
    });
  });
  server.route("GET", "/no_content", [](const Request&, Response& response) {
    response.set_status(204).write("this must not be sent");
    response.finish();
  });
  static std::atomic<bool> answering{false};
  server.route("GET", "/in_turn", [&server, &counters](const Request&, Response& response) {
    if (answering) ++counters.wrong_threads;
    server.post(response.id(), [](Response& later) {
      answering = true;
      later.send("in turn");
      answering = false;
    });
  });
}

void add_http(Server& server, Counters& counters) {
  server.route("GET", "/request/:name/*", [](const Request& request, Response& response) {
    response.set_header("Content-Type", "application/json").send(described(request));
  });
  server.route("POST", "/body",
               [](const Request& request, Response& response) {
                 response.set_header("Content-Type", "application/json").send(described(request));
               },
               {.max_body_bytes = 1000});
  server.route("GET", "/headers", [](const Request&, Response& response) {
    response.set_status(203).set_header("X-One", "a\r\nX-Two: b").set_header("X-One", "c");
    response.set_header("Content-Length", "999");
    std::string refused;
    try {
      response.set_header("no token", "d");
    } catch (const std::invalid_argument& error) {
      refused = error.what();
    }
    response.send(refused);
  });
  server.route("GET", "/later", [&server](const Request& request, Response& response) {
    std::thread([&server, id = response.id(),
                 name = std::string(request.query("name").value_or("nobody"))] {
      server.post(id, [name](Response& later) { later.send("hello " + name); });
    }).detach();
  });
  server.route("GET", "/never", [](const Request&, Response&) {}, {.answer_time = 1s});
  server.route("GET", "/gone", [&counters](const Request&, Response& response) {
    response.on_close([&counters] { ++counters.responses_closed; });
  });
  server.route("GET", "/throws", [](const Request&, Response&) {
    throw std::runtime_error("a secret of the application");
  });
  server.route("GET", "/throws_late", [](const Request&, Response& response) {
    response.write("half of it");
    throw 7;  // NOLINT: whatever an application may throw
  });
  server.route("GET", "/stream",
               [&counters](const Request& request, Response& response) {
                 const int pieces = std::stoi(std::string(request.query("pieces").value_or("3")));
                 const int bytes = std::stoi(std::string(request.query("bytes").value_or("10")));
                 const auto left = std::make_shared<int>(pieces);
                 response.on_drain([left, bytes, &counters](Response& drained) {
                   ++counters.drained;
                   pour(drained, left, static_cast<std::size_t>(bytes), counters);
                 });
                 response.on_close([&counters] { ++counters.responses_closed; });
                 pour(response, left, static_cast<std::size_t>(bytes), counters);
               },
               {.max_buffered_bytes = 100'000});
}

/// Sends 200 messages from another thread while this reactor waits for it and takes none up.
std::string flooded(Server& server, carillon::WebSocketId id, std::size_t message_bytes) {
  std::size_t sent = 0;
  std::size_t published = 0;
  std::thread([&] {
    const std::string message(message_bytes, 'x');
    for (int i = 0; i < 200; ++i) sent += server.send(id, message) ? 1U : 0U;
    published += server.publish("flood", "1") ? 1U : 0U;
  }).join();
  return std::to_string(sent) + " sent, " + std::to_string(published) + " published";
}

/// A WebSocket that does what it is told.
void obey(Server& server, carillon::WebSocket& socket, std::string_view order) {
  if (order.starts_with("close ")) {
    const auto code = static_cast<std::uint16_t>(std::stoi(std::string(order.substr(6, 4))));
    return socket.close(code, order.size() > 11 ? order.substr(11) : std::string_view{});
  }
  if (order == "abort") return socket.abort();
  if (order == "throw") throw std::runtime_error("a secret of the application");
  if (order.starts_with("subscribe ")) {
    socket.send(socket.subscribe(order.substr(10)) ? "subscribed" : "refused");
  } else if (order.starts_with("unsubscribe ")) {
    socket.unsubscribe(order.substr(12));
    socket.send("unsubscribed");
  } else if (order.starts_with("flood ")) {
    socket.send(flooded(server, socket.id(), std::stoul(std::string(order.substr(6)))));
  } else if (order == "after") {
    server.after(20ms, [&server, id = socket.id()] { server.send(id, "it is time"); });
  } else if (order == "cancelled") {
    const auto timer = server.after(
        20ms, [&server, id = socket.id()] { server.send(id, "this timer was cancelled"); });
    server.cancel(timer);
    server.after(60ms, [&server, id = socket.id()] { server.send(id, "nothing came"); });
  } else {
    socket.send(order);
  }
}

struct Told {
  std::string name;
  std::thread::id thread;
};

void check_thread(carillon::WebSocket& socket, Counters& counters) {
  if (std::any_cast<Told&>(socket.state()).thread != std::this_thread::get_id()) {
    ++counters.wrong_threads;
  }
}

void on_upgrade(const Request& request, Opening& opening) {
  if (request.query("throw")) throw std::runtime_error("a secret of the application");
  opening.set_header("X-Seen", request.cookie("taste").value_or("no cookie"));
  opening.set_header("Set-Cookie", "visit=1; Path=/");
  if (const auto status = request.query("refuse")) {
    opening.refuse(std::stoi(std::string(*status)), "not today\n");
  }
  if (const auto wanted = request.query("choose")) opening.choose_subprotocol(*wanted);
  opening.state() = Told{.name = std::string(request.parameter("name")), .thread = {}};
}

void add_web_sockets(Server& server, Counters& counters) {
  carillon::WebSocketOptions options{.max_message_bytes = 1000, .max_buffered_bytes = 100'000};
  options.on_upgrade = on_upgrade;
  options.on_open = [&counters](carillon::WebSocket& socket, const Request& request) {
    ++counters.opened;
    std::any_cast<Told&>(socket.state()).thread = std::this_thread::get_id();
    socket.send("welcome " + std::any_cast<Told&>(socket.state()).name + " of " +
                std::string(request.path()) + " " + std::string(socket.subprotocol()));
  };
  options.on_message = [&](carillon::WebSocket& socket, const carillon::Message& message) {
    check_thread(socket, counters);
    if (message.kind == carillon::MessageKind::Binary) {
      socket.send(message);
    } else {
      obey(server, socket, message.data);
    }
  };
  options.on_close = [&counters](carillon::WebSocket& socket, const carillon::Closing& closing) {
    check_thread(socket, counters);
    ++counters.closed;
    counters.last_code = closing.code;
    if (socket.is_open() || socket.send("too late")) ++counters.wrong_threads;
  };
  server.web_socket("/sockets/:name", options);
  server.web_socket("/open_to_all",
                    {.origins = carillon::Origins::Any,
                     .on_open = [](auto& socket, const Request&) { socket.send("welcome"); }});
  server.web_socket(
      "/compressed",
      {.compression = carillon::Compression::On,
       .on_open =
           [](auto& socket, const Request&) {
             socket.subscribe("compressed");
             socket.send("welcome");
           },
       .on_message = [](auto& socket, const carillon::Message& message) { socket.send(message); }});
  server.web_socket("/echo", {.max_message_bytes = 32 * 1024 * 1024,
                              .compression = carillon::Compression::On,
                              .on_message = [](auto& socket, const carillon::Message& message) {
                                socket.send(message);
                              }});
  server.web_socket("/unwanted", {.on_open = [](auto& socket, const Request&) { socket.abort(); }});
  server.web_socket("/silent", {.idle_timeout = 2s,
                                .on_close = [&counters](auto&, const carillon::Closing& closing) {
                                  counters.last_code = closing.code;
                                }});
}

/// Sends to a slow reader as much as it takes, and goes on in on_drain.
void add_flood(Server& server, Counters& counters) {
  struct Flood {
    int left = 0;
    int number = 0;
  };
  const auto go_on = [&counters](carillon::WebSocket& socket) {
    auto& flood = std::any_cast<Flood&>(socket.state());
    for (; flood.left > 0; --flood.left) {
      std::string message = std::to_string(flood.number);
      message.resize(1000, ' ');
      if (!socket.send(message)) {
        ++counters.refused_sends;
        return;
      }
      ++flood.number;
    }
  };
  server.web_socket(
      "/flood", {.max_buffered_bytes = 100'000,
                 .on_open =
                     [go_on](carillon::WebSocket& socket, const Request& request) {
                       socket.state() = Flood{
                           .left = std::stoi(std::string(request.query("count").value_or("1")))};
                       go_on(socket);
                     },
                 .on_drain =
                     [go_on, &counters](carillon::WebSocket& socket) {
                       ++counters.drained;
                       go_on(socket);
                     }});
}

void add_events(Server& server, Counters& counters) {
  server.event_stream(
      "/events", {.heartbeat = 1s,
                  .on_request =
                      [](const Request& request, Opening& opening) {
                        if (request.query("throw")) throw std::runtime_error("secret");
                        if (request.query("refuse")) opening.refuse(401, "who are you?\n");
                        opening.set_header("X-Seen", "yes");
                      },
                  .on_open =
                      [](carillon::EventStream& stream, const Request& request) {
                        stream.comment("hello\nreader");
                        stream.send({.data = "two\nlines", .event = "first", .id = "7"});
                        stream.send({.retry = 1234ms});
                        const auto channel = request.query("channel");
                        if (channel) {
                          stream.subscribe(*channel, request.header("last-event-id").value_or(""));
                        }
                        if (request.query("close")) stream.close();
                        if (request.query("break_out")) stream.send({.data = "x", .event = "a\nb"});
                      },
                  .on_close = [&counters](carillon::EventStream&) { ++counters.streams_closed; }});
}

/// Ids in the hands of threads that know no reactor.
class Broadcaster {
 public:
  explicit Broadcaster(Server& server) : server_(server) {
    server.web_socket("/broadcast",
                      {.on_open = [this](auto& socket, const Request&) { add(socket.id()); },
                       .on_message =
                           [this](carillon::WebSocket&, const carillon::Message& message) {
                             broadcast(std::string(message.data));
                           },
                       .on_close = [this](auto& socket, const auto&) { remove(socket.id()); }});
    server.route("POST", "/broadcast", [this](const Request& request, Response& response) {
      std::thread([this, text = std::string(request.body()), id = response.id()] {
        const std::size_t count = broadcast(text);
        server_.post(id, [count](Response& later) { later.send(std::to_string(count)); });
      }).detach();
    });
  }

 private:
  void add(carillon::WebSocketId id) {
    const std::scoped_lock lock(mutex_);
    ids_.insert(id);
  }
  void remove(carillon::WebSocketId id) {
    const std::scoped_lock lock(mutex_);
    ids_.erase(id);
  }
  std::size_t broadcast(const std::string& text) {
    const std::scoped_lock lock(mutex_);
    for (const carillon::WebSocketId id : ids_) server_.send(id, text);
    return ids_.size();
  }

  Server& server_;
  std::mutex mutex_;
  std::set<carillon::WebSocketId> ids_;
};

void add_channels(Server& server, Counters& counters) {
  server.subscribe("app:in", [&](const carillon::Publication& publication) {
    ++counters.heard;
    server.publish("app:out", publication.data);
  });
  server.route("POST", "/publish/:channel", [&](const Request& request, Response& response) {
    const bool is_binary = request.query("kind") == "binary";
    const bool sent = server.publish(
        request.parameter("channel"), request.body(),
        {.kind = is_binary ? carillon::DataKind::Binary : carillon::DataKind::Json,
         .dedupe = request.query("dedupe").value_or(""),
         .ephemeral = request.query("ephemeral").has_value()},
        [&server, id = response.id()](const carillon::PublishResult& result) {
          server.post(id, [error = std::string(result.error),
                           position = std::string(result.position)](Response& later) {
            later.set_status(error.empty() ? 200 : 503).send(error.empty() ? position : error);
          });
        });
    if (!sent) response.set_status(422).send("refused");
  });
  const auto started = server.every(10ms, [&counters] { ++counters.ticks; });
  server.route("POST", "/stop_ticking", [&server, started](const Request&, Response& response) {
    server.cancel(started);
    response.send();
  });
}

/// What is wrong from the start is said at the start.
int count_refusals(Server& server) {
  int refused = 0;
  const auto must_throw = [&refused](auto call) {
    try {
      call();
    } catch (const std::logic_error&) {
      ++refused;
    }
  };
  const auto nothing = [](const Request&, Response&) {};
  must_throw([&] { server.route("GET", "no/slash", nothing); });
  must_throw([&] { server.route("GET", "/a/:b/:b", nothing); });
  must_throw([&] { server.route("GET", "/headers", nothing); });
  must_throw([&] { server.web_socket("/ws", {}); });
  must_throw([&] { server.web_socket("/x", {.idle_timeout = 1s}); });
  must_throw([&] { server.web_socket("/x", {.idle_timeout = std::chrono::seconds::max()}); });
  must_throw([&] { server.event_stream("/y", {.heartbeat = 0s}); });
  must_throw([&] { server.event_stream("/y", {.heartbeat = std::chrono::seconds::max()}); });
  must_throw([&] { server.route("GET", "/z", nothing, {.answer_time = 0s}); });
  must_throw([&] { server.route("GET", "/z", nothing, {.answer_time = 8760h * 11}); });
  must_throw([&] { server.route("OPTIONS", "/z", nothing); });
  must_throw([&] { server.route("get", "/z", nothing); });
  must_throw([&] { server.subscribe("no channel", [](const carillon::Publication&) {}); });
  must_throw([] { const Server other; });  // signals are heard by one alone
  const auto ignore = carillon::Signals::Ignore;
  must_throw(
      [&] { const Server other({.settings = {{"http.no_such_key", "1"}}, .signals = ignore}); });
  for (const char* name : {"server.port", "limit.connections", "acces.origins", "listen", ""}) {
    must_throw([&] { const Server other({.settings = {{name, "1"}}, .signals = ignore}); });
  }
  must_throw([&] { const Server other({.listen = {"0.0.0.0:0"}, .signals = ignore}); });
  return refused;
}

void add_admin(Server& server, Counters& counters, int refused) {
  server.route("GET", "/counters", [&counters, refused](const Request&, Response& response) {
    std::ostringstream out;
    out << R"({"opened":)" << counters.opened << R"(,"closed":)" << counters.closed
        << R"(,"responses_closed":)" << counters.responses_closed << R"(,"streams_closed":)"
        << counters.streams_closed << R"(,"refused_sends":)" << counters.refused_sends
        << R"(,"drained":)" << counters.drained << R"(,"wrong_threads":)" << counters.wrong_threads
        << R"(,"heard":)" << counters.heard << R"(,"ticks":)" << counters.ticks
        << R"(,"last_code":)" << counters.last_code << R"(,"refused":)" << refused << "}";
    response.set_header("Content-Type", "application/json").send(out.str());
  });
  server.route("POST", "/stop", [&server](const Request&, Response& response) {
    response.send("stopping");
    server.stop();
  });
}

std::string text_of_variable(const char* name) {
  const char* text = std::getenv(name);
  return text != nullptr ? text : "";
}

}  // namespace

int main() {
  Counters counters;
  const char* reactors = std::getenv("PROBE_REACTORS");
  Server server({.certificate = text_of_variable("PROBE_CERTIFICATE"),
                 .key = text_of_variable("PROBE_KEY"),
                 .reactors = reactors != nullptr ? std::stoul(reactors) : 1});
  add_http(server, counters);
  add_endings(server, counters);
  add_web_sockets(server, counters);
  add_flood(server, counters);
  add_events(server, counters);
  const Broadcaster broadcaster(server);
  add_channels(server, counters);
  add_admin(server, counters, count_refusals(server));
  server.run();
  return counters.wrong_threads == 0 && counters.opened == counters.closed ? 0 : 1;
}
