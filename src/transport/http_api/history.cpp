// Deletes what a channel retains; its numbering goes on.
#include <string>
#include <utility>

#include "protocol/json/writer.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/operations.hpp"
#include "transport/http_api/routes.hpp"
#include "transport/http_api/target.hpp"

namespace carillon::transport {
namespace {

Result<void, Problem> delete_history(Worker& worker, Exchange& exchange, const Caller& caller) {
  const auto names = exchange.request().query.find_all("channel");
  if (names.size() != 1) return std::unexpected(bad_request("give one 'channel'"));
  std::string channel(names.front());
  TRY(check_channel(channel));
  TRY(require(worker, caller, access::Action::DeleteHistory, channel));
  worker.hub().delete_history(channel, [&worker, channel, handle = exchange.handle()](
                                           const Result<Position, hub::BrokerError>& position) {
    Exchange* const waiting = worker.find(handle);
    if (waiting == nullptr) return;
    if (!position) return waiting->respond(problem_response(to_problem(position.error())));
    std::string out;
    json::ObjectWriter(out).text("channel", channel).text("position", to_text(*position)).finish();
    waiting->respond(json_response(200, out).add("Cache-Control", "no-store"));
  });
  return {};
}

}  // namespace

void serve_delete_history(Worker& worker, Exchange& exchange) {
  serve_call(worker, exchange, delete_history);
}

}  // namespace carillon::transport
