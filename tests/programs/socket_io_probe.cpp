// A Socket.IO server of strangers' making, the twin of tests/support/socket_io_reference.mjs: the
// same handlers, in the same order.
#include <carillon/carillon.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace std::chrono_literals;
namespace sio = carillon::socket_io;

namespace {

sio::Value texts(const auto& all) {
  std::string json = "[";
  for (const std::string& each : all) {
    if (json.size() > 1) json += ",";
    json += sio::Value(each).to_json();
  }
  return sio::Value::json(json + "]");
}

sio::Value array(const sio::Arguments& values) {
  std::string json = "[";
  for (const sio::Value& each : values) {
    if (json.size() > 1) json += ",";
    json += each.to_json();
  }
  return sio::Value::json(json + "]");
}

std::string text_of(const sio::Arguments& arguments, std::size_t index = 0) {
  return index < arguments.size() ? arguments[index].as_text().value_or("") : "";
}

/// What clients ask their own socket to do.
void add_basics(sio::Socket& socket) {
  socket.on("echo", [](sio::Socket& self, const sio::Arguments& arguments, const sio::Ack&) {
    self.emit("echo", arguments);
  });
  socket.on("ask", [](sio::Socket&, const sio::Arguments& arguments, const sio::Ack& ack) {
    ack(arguments);
    ack({"only the first counts"});
  });
  socket.on("tell and answer", [](sio::Socket& self, const sio::Arguments&, const sio::Ack& ack) {
    self.emit("told", {1});
    ack({});
  });
  socket.on("part", [](sio::Socket& self, const sio::Arguments&, const sio::Ack&) {
    self.emit("farewell", {});
    self.disconnect(false);
  });
  socket.on("ask me", [](sio::Socket& self, const sio::Arguments& arguments, const sio::Ack& ack) {
    self.timeout(300ms).emit_with_ack("question", arguments, [ack](const sio::Replies& replies) {
      if (!replies.error.empty()) return ack({"failed"});
      sio::Arguments answer = replies.responses.front();
      answer.insert(answer.begin(), "answered");
      ack(answer);
    });
  });
  socket.on("handshake", [](sio::Socket& self, const sio::Arguments&, const sio::Ack& ack) {
    const sio::Handshake& handshake = self.handshake();
    const auto header = handshake.headers.find("x-test");
    ack({handshake.auth, handshake.query.at("taste"),
         header == handshake.headers.end() ? sio::Value() : sio::Value(header->second)});
  });
  socket.on("leave me", [](sio::Socket& self, const sio::Arguments& arguments, const sio::Ack&) {
    self.disconnect(arguments.front().as_boolean().value_or(false));
  });
  socket.on("volatile", [](sio::Socket& self, const sio::Arguments& arguments, const sio::Ack&) {
    self.volatile_().emit("volatile", arguments);
  });
  socket.on("many", [](sio::Socket& self, const sio::Arguments& arguments, const sio::Ack&) {
    for (std::int64_t i = 0; i < arguments.front().as_integer().value_or(0); ++i) {
      self.emit("one", {i});
    }
  });
  socket.once("once", [](sio::Socket& self, const sio::Arguments&, const sio::Ack&) {
    self.emit("once heard");
  });
}

/// What stands between a client and the listeners.
void add_middleware(sio::Socket& socket, carillon::Server& server) {
  socket.use([](sio::Socket&, std::string_view event, sio::Arguments&, const sio::Next& next) {
    if (event == "forbidden") return next({.message = "not for you"});
    next();
  });
  socket.use([&server](sio::Socket&, std::string_view event, sio::Arguments& arguments,
                       const sio::Next& next) {
    if (event != "changed") return next();
    arguments.front() = text_of(arguments) + ", changed";
    server.after(1ms, [next] { next(); });
  });
  socket.on_error([](sio::Socket& self, const sio::ConnectError& error) {
    self.emit("refused", {error.message});
  });
  socket.on("forbidden", [](sio::Socket& self, const sio::Arguments&, const sio::Ack&) {
    self.emit("forbidden was heard");
  });
  socket.on("changed", [](sio::Socket&, const sio::Arguments& arguments, const sio::Ack& ack) {
    ack({arguments.front()});
  });
}

bool listens_to(const sio::Socket& socket, const std::string& event) {
  const std::vector<std::string> names = socket.event_names();
  return std::ranges::find(names, event) != names.end();
}

void watch_outgoing(sio::Socket& socket, const sio::Arguments&, const sio::Ack&) {
  socket.on_any_outgoing(
      [](sio::Socket& self, std::string_view event, const sio::Arguments& arguments) {
        if (event != "seen") self.emit("seen", {event, array(arguments)});
      });
  socket.prepend_any_outgoing([](sio::Socket& self, std::string_view event, const auto&) {
    if (event != "seen") self.emit("seen", {"first " + std::string(event), array({})});
  });
}

/// What listeners are asked to do with listeners.
void add_listening(sio::Socket& socket) {
  socket.on("watch outgoing", watch_outgoing);
  socket.on("stop watching", [](sio::Socket& self, const sio::Arguments&, const sio::Ack& ack) {
    self.off_any_outgoing();
    ack();
  });
  socket.on("listen to", [](sio::Socket& self, const sio::Arguments& asked, const sio::Ack& ack) {
    const std::string event = text_of(asked);
    self.on(event, [event](sio::Socket& at, const sio::Arguments&, const sio::Ack&) {
      at.send({"heard", event});
    });
    ack({listens_to(self, event)});
  });
  socket.on("forget", [](sio::Socket& self, const sio::Arguments& asked, const sio::Ack& ack) {
    self.off(text_of(asked));
    ack({listens_to(self, text_of(asked))});
  });
  socket.on("uncompressed", [](sio::Socket& self, const sio::Arguments& asked, const sio::Ack&) {
    self.compress(false).emit("uncompressed", asked);
  });
  socket.on("transport", [](sio::Socket& self, const sio::Arguments&, const sio::Ack& ack) {
    ack({self.transport()});
  });
}

/// What reaches others.
void add_rooms(sio::Server& io, sio::Socket& socket) {
  socket.on("join", [](sio::Socket& self, const sio::Arguments& arguments, const sio::Ack& ack) {
    self.join(text_of(arguments));
    ack({texts(self.rooms())});
  });
  socket.on("leave", [](sio::Socket& self, const sio::Arguments& arguments, const sio::Ack& ack) {
    self.leave(text_of(arguments));
    ack({texts(self.rooms())});
  });
  socket.on("to", [](sio::Socket& self, const sio::Arguments& arguments, const sio::Ack&) {
    self.to(text_of(arguments)).emit("said", {arguments[1]});
  });
  socket.on("in", [&io](sio::Socket&, const sio::Arguments& arguments, const sio::Ack&) {
    io.in(text_of(arguments)).emit("said", {arguments[1]});
  });
  socket.on("except", [&io](sio::Socket&, const sio::Arguments& arguments, const sio::Ack&) {
    io.except(text_of(arguments)).emit("said", {arguments[1]});
  });
  socket.on("broadcast", [](sio::Socket& self, const sio::Arguments& arguments, const sio::Ack&) {
    self.broadcast().emit("said", arguments);
  });
  socket.on("everybody", [&io](sio::Socket&, const sio::Arguments& arguments, const sio::Ack&) {
    io.local().emit("said", arguments);
  });
  socket.on("ask room", [&io](sio::Socket&, const sio::Arguments& arguments, const sio::Ack& ack) {
    io.in(text_of(arguments))
        .timeout(5s)
        .emit_with_ack("question", {}, [ack](const sio::Replies& replies) {
          ack({static_cast<int>(replies.responses.size()), replies.error.empty()});
        });
  });
}

/// What is done with others.
void add_management(sio::Server& io, sio::Socket& socket) {
  socket.on("fetch", [&io](sio::Socket&, const sio::Arguments& arguments, const sio::Ack& ack) {
    io.in(text_of(arguments)).fetch_sockets([ack](std::vector<sio::RemoteSocket> sockets) {
      std::set<std::string> ids;
      for (const sio::RemoteSocket& each : sockets) {
        ids.insert(each.id());
        each.emit("fetched", {each.rooms().contains("fetch")});
      }
      ack({texts(ids)});
    });
  });
  socket.on("sockets join", [&io](sio::Socket&, const sio::Arguments& arguments, const sio::Ack&) {
    io.in(text_of(arguments)).sockets_join(text_of(arguments, 1));
    io.in(text_of(arguments, 1)).emit("said", {"welcome"});
  });
  socket.on("sockets leave", [&io](sio::Socket&, const sio::Arguments& arguments, const sio::Ack&) {
    io.in(text_of(arguments)).sockets_leave(text_of(arguments, 1));
    io.in(text_of(arguments, 1)).emit("said", {"nobody hears this"});
    io.in(text_of(arguments)).emit("said", {"done"});
  });
  socket.on("disconnect sockets",
            [&io](sio::Socket&, const sio::Arguments& arguments, const sio::Ack&) {
              io.in(text_of(arguments)).disconnect_sockets();
            });
}

void add_watching(sio::Server& io, carillon::Server& server) {
  io.on_connection([&io, &server](sio::Socket& socket) {
    add_basics(socket);
    add_middleware(socket, server);
    add_listening(socket);
    add_rooms(io, socket);
    add_management(io, socket);
    socket.on_any([](sio::Socket& self, std::string_view event, const sio::Arguments& arguments) {
      if (event == "caught") self.emit("caught", {event, static_cast<int>(arguments.size())});
    });
    socket.on_disconnecting([&io](sio::Socket& self, std::string_view) {
      if (self.rooms().contains("watched")) io.to("watchers").emit("going", {self.id()});
    });
    socket.on_disconnect([&io](sio::Socket& self, std::string_view reason) {
      io.to("watchers").emit("gone", {self.id(), reason});
    });
    socket.emit("welcome", {socket.recovered()});
  });
}

void add_namespaces(sio::Server& io) {
  io.of("/admin")
      .use([](sio::Socket& socket, const sio::Next& next) {
        if (socket.handshake().auth.to_json() == R"({"token":"secret"})") return next();
        next({.message = "not allowed", .data = sio::Value::json(R"({"code":"E7"})")});
      })
      .use([](sio::Socket& socket, const sio::Next& next) {
        socket.data() = std::string("seen");
        next();
      })
      .on_connection([](sio::Socket& socket) {
        socket.emit("data", {std::any_cast<std::string>(socket.data()), socket.name_space()});
      });
  io.of([](std::string_view name, const sio::Value&) {
      return name.starts_with("/dynamic-");
    }).on_connection([&io](sio::Socket& socket) {
    socket.on("everybody",
              [&io](sio::Socket& self, const sio::Arguments& arguments, const sio::Ack&) {
                io.emitter(self.name_space()).emit("said", arguments);
              });
    socket.emit("name", {socket.name_space()});
  });
}

}  // namespace

int main() {
  const char* const reactors = std::getenv("PROBE_REACTORS");
  carillon::Server server({.reactors = reactors == nullptr ? 1 : std::stoul(reactors)});
  sio::Options options{.connect_timeout = 1s, .max_payload_bytes = 12'000'000};
  const char* const named = std::getenv("PROBE_KIND");
  const std::string kind = named == nullptr ? "plain" : named;
  if (kind == "impatient") options.ping_interval = options.ping_timeout = 300ms;
  if (kind == "recovering") options.connection_state_recovery.emplace();
  options.allow_eio3 = kind == "old";
  options.cookie = "io";
  options.allow_request = [](const carillon::Request& request, const sio::Admission& admission) {
    if (request.query("refuse")) return admission.refuse("no, thanks");
    admission.accept();
  };
  options.initial_headers = [](const carillon::Request&, const sio::SetHeader& set) {
    set("X-Initial", "1");
  };
  options.headers = [](const carillon::Request&, const sio::SetHeader& set) { set("X-All", "2"); };
  sio::Server& io = server.socket_io(options);
  add_watching(io, server);
  add_namespaces(io);
  server.run();
}
