// Notes over HTTP, and every change of them live: curl -d '"milk"' 127.0.0.1:8000/notes while
// `curl -N 127.0.0.1:8000/notes/live` or any client of the channel `notes` listens.
#include <carillon/carillon.hpp>

#include <map>
#include <string>

namespace {

std::string to_json(int number, const std::string& note) {
  return R"({"number":)" + std::to_string(number) + R"(,"note":)" + note + "}";
}

}  // namespace

int main() {
  carillon::Server server({.reactors = 1});  // one thread: the map needs no lock
  std::map<int, std::string> notes;
  int last_number = 0;

  server.route("GET", "/notes/:number", [&](const carillon::Request& request, auto& response) {
    const std::string number(request.parameter("number"));
    const auto found = notes.find(std::atoi(number.c_str()));
    if (found == notes.end()) return response.set_status(404).send("no such note\n");
    response.set_header("Content-Type", "application/json");
    response.send(to_json(found->first, found->second));
  });

  // Streamed, a note at a time, since there may be many.
  server.route("GET", "/notes", [&](const carillon::Request&, carillon::Response& response) {
    response.set_header("Content-Type", "application/x-ndjson");
    for (const auto& [number, note] : notes) response.write(to_json(number, note) + "\n");
    response.finish();
  });

  // Answered later, when the note has been published.
  server.route("POST", "/notes", [&](const carillon::Request& request, auto& response) {
    const int number = ++last_number;
    const std::string note(request.body());
    const bool is_json = server.publish(
        "notes", to_json(number, note), {}, [&, number, note, id = response.id()](auto& result) {
          if (result.error.empty()) notes[number] = note;
          server.post(id, [number, failed = !result.error.empty()](carillon::Response& later) {
            if (failed) return later.set_status(503).send("try again\n");
            later.set_status(201).set_header("Location", "/notes/" + std::to_string(number));
            later.send();
          });
        });
    if (!is_json) response.set_status(422).send("a note is JSON\n");
  });

  server.event_stream("/notes/live", {.on_open = [](auto& stream, const auto& request) {
                        stream.subscribe("notes", request.header("last-event-id").value_or(""));
                      }});
  server.run();
}
