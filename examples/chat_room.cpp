// Rooms to talk in: ws://127.0.0.1:8000/rooms/kitchen?name=ada
// Whatever JSON a member sends, every member of the room gets, with the sender's name.
#include <carillon/carillon.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace {

struct Member {
  std::string channel;
  std::string name;
};

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 32 &&
         std::ranges::all_of(text, [](unsigned char each) { return std::isalnum(each) != 0; });
}

Member& member_of(carillon::WebSocket& socket) {
  return std::any_cast<Member&>(socket.state());
}

std::string said(const Member& member, std::string_view json) {
  return R"({"name":")" + member.name + R"(","said":)" + std::string(json) + "}";
}

}  // namespace

int main() {
  carillon::Server server;
  server.web_socket(
      "/rooms/:room",
      {
          .on_upgrade =
              [](const carillon::Request& request, carillon::Opening& opening) {
                const std::string_view room = request.parameter("room");
                const std::string_view name = request.query("name").value_or("");
                if (!is_name(room) || !is_name(name)) return opening.refuse(400, "bad name\n");
                opening.state() = Member{"rooms:" + std::string(room), std::string(name)};
              },
          .on_open =
              [&server](carillon::WebSocket& socket, const carillon::Request&) {
                socket.subscribe(member_of(socket).channel);
                server.publish(member_of(socket).channel, said(member_of(socket), R"("hello")"));
              },
          .on_message =
              [&server](carillon::WebSocket& socket, const carillon::Message& message) {
                const Member& member = member_of(socket);
                if (!server.publish(member.channel, said(member, message.data))) {
                  socket.send(R"({"error":"this is no JSON"})");
                }
              },
      });
  server.run();
}
