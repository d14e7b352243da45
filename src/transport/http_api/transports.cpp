// What this server offers and in which order it advises it: a client's first question.
#include <array>
#include <string>

#include "protocol/json/writer.hpp"
#include "protocol/native/message.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/worker.hpp"
#include "transport/http_api/routes.hpp"

namespace carillon::transport {
namespace {

struct Offer {
  Bytes name;
  Bytes path;
};

constexpr std::array<Offer, 4> kOffers = {{{"websocket", "/ws"},
                                           {"sse", "/api/events"},
                                           {"longpoll", "/api/messages/subscribe"},
                                           {"polling", "/api/messages"}}};

}  // namespace

void serve_transports(Worker& worker, Exchange& exchange) {
  const std::string& base = worker.settings().http.base_path;
  std::string out;
  json::ObjectWriter document(out);
  document.integer("version", native::kProtocolVersion);
  std::string& list = document.begin("transports");
  list.push_back('[');
  for (const Offer& offer : kOffers) {
    if (list.back() != '[') list.push_back(',');
    json::ObjectWriter(list)
        .text("name", offer.name)
        .text("url", base + std::string(offer.path))
        .finish();
  }
  list.push_back(']');
  document.text("publish", base + "/api/messages").text("commands", base + "/api/commands");
  document.finish();
  exchange.respond(json_response(200, out).add("Cache-Control", "no-store"));
}

}  // namespace carillon::transport
