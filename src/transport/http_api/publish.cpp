// Publishing over HTTP: one message or many, as JSON or as whatever a shell script has at hand.
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/utf8.hpp"
#include "protocol/http1/media_type.hpp"
#include "protocol/json/validator.hpp"
#include "protocol/json/writer.hpp"
#include "protocol/native/channel_name.hpp"
#include "protocol/native/encode.hpp"
#include "protocol/native/parse.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/gather.hpp"
#include "transport/common/introduction.hpp"
#include "transport/common/operations.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/worker.hpp"
#include "transport/http_api/body.hpp"
#include "transport/http_api/routes.hpp"
#include "transport/http_api/target.hpp"

namespace carillon::transport {
namespace {

using native::ProblemCode;

std::unexpected<Problem> refuse(std::string detail) {
  return std::unexpected(bad_request(std::move(detail)));
}

native::Data json_data(Bytes text) {
  std::string json(text);
  json::compact_newlines(json);
  return native::Data::owned(native::DataKind::Json, std::move(json));
}

native::Data string_data(Bytes text) {
  std::string json;
  json::append_string(json, text);
  return native::Data::owned(native::DataKind::Json, std::move(json));
}

/// The body as data, by its type, for a request that names its channel in the query.
Result<native::Data, Problem> body_as_data(const Request& request) {
  const Bytes body = request.body;
  const std::optional<Bytes> field = request.field("content-type");
  const auto type = field ? http1::parse_media_type(*field) : std::nullopt;
  if (field && !type) return refuse("Content-Type is malformed");
  if (type && type->is_json()) {
    if (auto valid = json::validate(body); !valid) {
      return refuse(json::describe(valid.error()));
    }
    return json_data(body);
  }
  const bool is_guess = !type || type->is_form_urlencoded();
  if (is_guess && body.empty()) return refuse("the body is empty");
  if (is_guess && json::validate(body)) return json_data(body);
  if (is_guess || type->is_text()) {
    if (!is_utf8(body)) return refuse("the text is not UTF-8");
    return string_data(body);
  }
  return native::Data::borrowed(native::DataKind::Binary, body);
}

std::string receipt_text(Bytes channel, const hub::Receipt& receipt) {
  std::string out;
  native::append_receipt(out, {.channel = channel,
                               .position = receipt.position,
                               .timestamp = receipt.timestamp,
                               .duplicate = receipt.duplicate});
  return out;
}

void publish_one(Worker& worker, Exchange& exchange, const Caller& caller,
                 const native::Publish& command) {
  const std::string channel = command.channel.value_or(std::string(native::kDefaultChannel));
  publish(worker, caller, channel, command,
          [&worker, channel, handle = exchange.handle()](Result<hub::Receipt, Problem> result) {
            Exchange* waiting = worker.find(handle);
            if (waiting == nullptr) return;
            if (!result) return waiting->respond(problem_response(result.error()));
            waiting->respond(json_response(200, receipt_text(channel, *result)));
          });
}

std::string problem_text(const Problem& problem) {
  std::string out;
  native::append_problem(out, problem.view());
  return out;
}

void publish_batch(Worker& worker, Exchange& exchange, const Caller& caller,
                   const native::Batch<native::Publish>& batch) {
  if (batch.items.empty()) return exchange.respond(json_response(200, "[]"));
  auto gather = std::make_shared<Gather>(
      batch.items.size(),
      [&worker, handle = exchange.handle()](const std::vector<std::string>& results) {
        if (Exchange* waiting = worker.find(handle)) {
          waiting->respond(json_response(200, joined_array(results)));
        }
      });
  for (std::size_t i = 0; i < batch.items.size(); ++i) {
    const auto& item = batch.items[i];
    if (!item) {
      gather->put(i, problem_text({.code = item.error().code, .detail = item.error().message}));
      continue;
    }
    const std::string channel = item->channel.value_or(std::string(native::kDefaultChannel));
    publish(
        worker, caller, channel, *item, [gather, i, channel](Result<hub::Receipt, Problem> result) {
          gather->put(i, result ? receipt_text(channel, *result) : problem_text(result.error()));
        });
  }
}

void publish_json_body(Worker& worker, Exchange& exchange, const Caller& caller,
                       const std::optional<std::string>& dedupe) {
  auto batch = native::parse_publish_body(exchange.request().body);
  if (!batch) {
    return exchange.respond(
        problem_response({.code = batch.error().code, .detail = batch.error().message}));
  }
  if (batch->is_array && dedupe) {
    return exchange.respond(problem_response(
        {.code = ProblemCode::BadRequest,
         .detail = "Idempotency-Key is for one message; in an array each has its own 'dedupe'"}));
  }
  if (batch->is_array) return publish_batch(worker, exchange, caller, *batch);
  auto& item = batch->items.front();
  if (!item) {
    return exchange.respond(
        problem_response({.code = item.error().code, .detail = item.error().message}));
  }
  if (!item->dedupe) item->dedupe = dedupe;
  publish_one(worker, exchange, caller, *item);
}

Result<std::optional<std::string>, Problem> key_of(std::optional<Bytes> text, const char* name) {
  if (!text) return std::optional<std::string>{};
  if (text->empty() || text->size() > native::kMaxKeyBytes || !is_utf8(*text)) {
    return refuse(std::string(name) + " is 1 to 256 octets of UTF-8");
  }
  return std::optional(std::string(*text));
}

Result<native::Publish, Problem> publish_of_body(const Request& request,
                                                 std::optional<std::string> dedupe) {
  if (request.query.find_all("channel").size() > 1) {
    return refuse("one channel at a time; an array of messages names one each");
  }
  native::Publish command;
  command.data = TRY(body_as_data(request));
  command.key = TRY(key_of(request.parameter("key"), "'key'"));
  command.channel = *request.parameter("channel");
  command.dedupe = std::move(dedupe);
  return command;
}

void publish_body(Worker& worker, Exchange& exchange, const Caller& caller) {
  const Request& request = exchange.request();
  auto dedupe = key_of(request.field("idempotency-key"), "Idempotency-Key");
  if (!dedupe) return exchange.respond(problem_response(dedupe.error()));
  if (!request.parameter("channel")) return publish_json_body(worker, exchange, caller, *dedupe);
  auto command = publish_of_body(request, std::move(*dedupe));
  if (!command) return exchange.respond(problem_response(command.error()));
  publish_one(worker, exchange, caller, *command);
}

/// The same message into each of its channels, like an array of them.
Result<native::Batch<native::Publish>, Problem> broadcast_of(Bytes text) {
  const Body body = TRY(Body::parse(text, {"channels", "data", "encoding", "key", "dedupe"}));
  native::Publish command;
  command.data = TRY(body.data());
  command.key = TRY(body.text("key", native::kMaxKeyBytes));
  command.dedupe = TRY(body.text("dedupe", native::kMaxKeyBytes));
  native::Batch<native::Publish> batch{.is_array = true, .items = {}};
  auto channels = TRY(body.channels());
  for (std::string& channel : channels) {
    native::Publish& item = *batch.items.emplace_back(native::Publish(command));
    item.channel = std::move(channel);
  }
  return batch;
}

Result<void, Problem> broadcast(Worker& worker, Exchange& exchange, const Caller& caller) {
  const auto batch = TRY(broadcast_of(exchange.request().body));
  publish_batch(worker, exchange, caller, batch);
  return {};
}

}  // namespace

void serve_broadcast(Worker& worker, Exchange& exchange) {
  serve_call(worker, exchange, broadcast);
}

void serve_publish(Worker& worker, Exchange& exchange) {
  with_caller(worker, exchange, TransportKind::Http, publish_body);
}

}  // namespace carillon::transport
