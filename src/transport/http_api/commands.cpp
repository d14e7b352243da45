// The way up for clients that read over SSE or polling: the commands of a WebSocket, by POST.
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "protocol/native/encode.hpp"
#include "protocol/native/parse.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/commands.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/gather.hpp"
#include "transport/common/introduction.hpp"
#include "transport/common/limiter.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/worker.hpp"
#include "transport/http_api/routes.hpp"

namespace carillon::transport {
namespace {

using native::ProblemCode;

/// Begins a session or goes on with one, as whom a token names.
std::string connect_reply(Worker& worker, Caller& caller, Bytes id,
                          const native::Connect& command) {
  Caller next = caller;
  if (auto connected = connect(worker, next, command); !connected) {
    return error_reply(id, connected.error());
  }
  if (!next.client) next.client = worker.sessions().make_client_id();
  caller = std::move(next);
  std::string out;
  native::append_ok(out, id, make_welcome(worker, caller).view(worker));
  return out;
}

/// Publications are counted with what is in them, once it is known that they may be made.
Result<void, Problem> admit(Worker& worker, const Caller& caller,
                            const Result<native::ParsedCommand, native::CommandError>& item) {
  const bool publishes = item && (std::holds_alternative<native::Publish>(item->command) ||
                                  std::holds_alternative<native::Ephemeral>(item->command));
  return publishes ? Result<void, Problem>{} : admit_message(worker, caller, 0);
}

void run(Worker& worker, Caller& caller, Result<native::ParsedCommand, native::CommandError> item,
         Reply reply) {
  if (auto admitted = admit(worker, caller, item); !admitted) {
    return reply(error_reply(item ? Bytes(item->id) : Bytes(item.error().id), admitted.error()));
  }
  if (!item) return reply(error_reply(item.error()));
  if (const auto* connect = std::get_if<native::Connect>(&item->command)) {
    return reply(connect_reply(worker, caller, item->id, *connect));
  }
  if (std::holds_alternative<native::Subscribe>(item->command) ||
      std::holds_alternative<native::Unsubscribe>(item->command)) {
    return reply(error_reply(
        item->id, {.code = ProblemCode::NotSupported,
                   .detail = "subscribe by GET /api/events, by a long poll or a WebSocket"}));
  }
  run_command(worker, caller, std::move(*item), ReplyWhen::Always, std::move(reply));
}

void run_batch(Worker& worker, Exchange& exchange, Caller caller) {
  auto batch = native::parse_commands_body(exchange.request().body);
  if (!batch) {
    return exchange.respond(
        problem_response({.code = batch.error().code, .detail = batch.error().message}));
  }
  if (batch->items.empty()) return exchange.respond(json_response(200, "[]"));
  const bool is_array = batch->is_array;
  auto gather = std::make_shared<Gather>(
      batch->items.size(),
      [&worker, is_array, handle = exchange.handle()](const std::vector<std::string>& replies) {
        Exchange* waiting = worker.find(handle);
        if (waiting == nullptr) return;
        waiting->respond(json_response(200, is_array ? joined_array(replies) : replies.front())
                             .add("Cache-Control", "no-store"));
      });
  for (std::size_t i = 0; i < batch->items.size(); ++i) {
    run(worker, caller, std::move(batch->items[i]),
        [gather, i](std::string reply) { gather->put(i, std::move(reply)); });
  }
}

}  // namespace

void serve_commands(Worker& worker, Exchange& exchange) {
  with_caller(worker, exchange, TransportKind::Http, run_batch);
}

}  // namespace carillon::transport
