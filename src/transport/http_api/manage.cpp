// What back ends do with clients that are connected: end them, and say what they hear.
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "protocol/json/writer.hpp"
#include "protocol/native/channel_name.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/round.hpp"
#include "transport/http_api/routes.hpp"
#include "transport/http_api/target.hpp"

namespace carillon::transport {
namespace {

using native::ProblemCode;

/// Of one reactor, or of all.
struct Tally {
  std::size_t clients = 0;  // that were meant
  std::size_t changes = 0;
};

/// Does something with one endpoint; returns how much has changed.
using Work = std::function<std::size_t(Endpoint&)>;

/// Does it with whatever the target holds open, and answers how many there were, and, where
/// `change_name` is not empty, how much has changed.
void work_everywhere(Worker& worker, Exchange& exchange, Target target, Work work,
                     Bytes change_name) {
  const auto ask = [target = std::move(target), work = std::move(work)](Worker& there) {
    Tally tally;
    for_each_endpoint(there, [&](EndpointPlace, Endpoint& endpoint) {
      if (!target.fits(endpoint)) return;
      ++tally.clients;
      tally.changes += work(endpoint);
    });
    return tally;
  };
  const auto done = [&worker, handle = exchange.handle(),
                     change_name](const std::vector<Tally>& tallies) {
    Exchange* const waiting = worker.find(handle);
    if (waiting == nullptr) return;
    Tally sum;
    for (const Tally& tally : tallies) {
      sum.clients += tally.clients;
      sum.changes += tally.changes;
    }
    std::string out;
    json::ObjectWriter object(out);
    object.integer("clients", sum.clients).integer(change_name, sum.changes).finish();
    waiting->respond(json_response(200, out).add("Cache-Control", "no-store"));
  };
  if (!ask_all_reactors<Tally>(worker, ask, done)) {
    exchange.respond(problem_response(too_many_rounds()));
  }
}

Result<void, Problem> disconnect(Worker& worker, Exchange& exchange, const Caller& caller) {
  TRY(require(worker, caller, access::Action::ManageClients, {}));
  const Body body = TRY(Body::parse(exchange.request().body, {"user", "client", "reconnect"}));
  Target target = TRY(target_of(body));
  const bool reconnect = TRY(body.boolean("reconnect", false));
  // Who may come back is told so as by a server that wants to be left; else it is an error.
  const ProblemCode code = reconnect ? ProblemCode::Shutdown : ProblemCode::Forbidden;
  work_everywhere(
      worker, exchange, std::move(target),
      [code, reconnect](Endpoint& endpoint) {
        endpoint.expel(code, reconnect);
        return std::size_t{1};
      },
      "disconnected");
  return {};
}

using Change = bool (Endpoint::*)(Bytes channel);

Result<void, Problem> change_channels(Worker& worker, Exchange& exchange, const Caller& caller,
                                      Change change, Bytes change_name) {
  TRY(require(worker, caller, access::Action::ManageClients, {}));
  const Body body =
      TRY(Body::parse(exchange.request().body, {"user", "client", "channel", "channels"}));
  Target target = TRY(target_of(body));
  auto channels = TRY(body.channels());
  for (const std::string& channel : channels) {
    TRY(require(worker, caller, access::Action::ManageClients, channel));
    if (change == &Endpoint::add_channel && native::is_client_channel(channel)) {
      return std::unexpected(
          Problem{.code = native::ProblemCode::Forbidden,
                  .detail = "a client's own channel is heard by that client alone"});
    }
  }
  const auto shared = std::make_shared<const std::vector<std::string>>(std::move(channels));
  work_everywhere(
      worker, exchange, std::move(target),
      [change, shared](Endpoint& endpoint) {
        std::size_t count = 0;
        for (const std::string& channel : *shared)
          count += std::size_t{(endpoint.*change)(channel)};
        return count;
      },
      change_name);
  return {};
}

Result<void, Problem> subscribe(Worker& worker, Exchange& exchange, const Caller& caller) {
  return change_channels(worker, exchange, caller, &Endpoint::add_channel, "subscribed");
}

Result<void, Problem> unsubscribe(Worker& worker, Exchange& exchange, const Caller& caller) {
  return change_channels(worker, exchange, caller, &Endpoint::remove_channel, "unsubscribed");
}

}  // namespace

void serve_disconnect(Worker& worker, Exchange& exchange) {
  serve_call(worker, exchange, disconnect);
}

void serve_subscribe(Worker& worker, Exchange& exchange) {
  serve_call(worker, exchange, subscribe);
}

void serve_unsubscribe(Worker& worker, Exchange& exchange) {
  serve_call(worker, exchange, unsubscribe);
}

}  // namespace carillon::transport
