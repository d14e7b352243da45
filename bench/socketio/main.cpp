// Rooms over Socket.IO, with the library: the twin of ../peers/npm_socketio.mjs.
#include <carillon/carillon.hpp>

#include <string>

namespace sio = carillon::socket_io;

int main() {
  carillon::Server server({.listen = {"127.0.0.1:0"}, .reactors = 1});
  sio::Server& io = server.socket_io();
  io.on_connection([&io](sio::Socket& socket) {
    socket.on("join", [](sio::Socket& self, const sio::Arguments& said, const sio::Ack& ack) {
      self.join(said.at(0).as_text().value_or(""));
      ack({"joined"});
    });
    socket.on("publish", [&io](sio::Socket&, const sio::Arguments& said, const sio::Ack&) {
      io.to(said.at(0).as_text().value_or("")).emit("message", {said.at(1)});
    });
  });
  server.run();
}
