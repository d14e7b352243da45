// Rooms to talk in, for Socket.IO's own clients:
//
//     const socket = io("http://127.0.0.1:8000", { auth: { name: "ada" } });
//     socket.on("said", (name, text) => console.log(`${name}: ${text}`));
//     await socket.emitWithAck("join", "kitchen");
//     socket.emit("say", "kitchen", "supper is ready");
#include <carillon/carillon.hpp>

#include <string>

namespace sio = carillon::socket_io;

namespace {

/// The name that the client gives itself: `{"name":"ada"}`.
std::string name_of(const sio::Handshake& handshake) {
  constexpr std::string_view kBegin = R"({"name":")";
  std::string auth(handshake.auth.to_json());
  const std::size_t end = auth.find('"', kBegin.size());
  if (!auth.starts_with(kBegin) || end == std::string::npos || auth.find('\\') != std::string::npos)
    return "";
  return auth.substr(kBegin.size(), end - kBegin.size());
}

const std::string& name_of(sio::Socket& socket) {
  return std::any_cast<const std::string&>(socket.data());
}

std::string text_at(const sio::Arguments& arguments, std::size_t index) {
  return index < arguments.size() ? arguments[index].as_text().value_or("") : "";
}

void join(sio::Socket& socket, const sio::Arguments& arguments, const sio::Ack& ack) {
  const std::string room = text_at(arguments, 0);
  if (room.empty()) return ack({"which room?"});
  socket.join(room);
  socket.to(room).emit("said", {name_of(socket), "hello, " + room});
  ack({nullptr});
}

void say(sio::Socket& socket, const sio::Arguments& arguments, const sio::Ack& ack) {
  const std::string room = text_at(arguments, 0);
  if (!socket.rooms().contains(room)) return ack({"join the room first"});
  socket.to(room).emit("said", {name_of(socket), text_at(arguments, 1)});
  ack({nullptr});
}

}  // namespace

int main() {
  carillon::Server server;
  sio::Server& io = server.socket_io({.connection_state_recovery = sio::Recovery{}});
  io.use([](sio::Socket& socket, const sio::Next& next) {
    const std::string name = name_of(socket.handshake());
    if (name.empty()) return next({.message = "tell a name in auth"});
    socket.data() = name;
    next();
  });
  io.on_connection([&io](sio::Socket& socket) {
    socket.on("join", join);
    socket.on("say", say);
    socket.on_disconnecting([&io](sio::Socket& leaving, std::string_view reason) {
      for (const std::string& room : leaving.rooms()) {
        io.to(room).except(leaving.id()).emit("said", {name_of(leaving), reason});
      }
    });
  });
  server.run();
}
