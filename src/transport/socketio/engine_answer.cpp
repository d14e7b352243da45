#include "transport/socketio/engine_answer.hpp"

#include <utility>

#include "protocol/engineio/counted_payload.hpp"

namespace carillon::transport {
namespace {

constexpr Bytes kPayloadType = "text/plain; charset=UTF-8";
constexpr Bytes kOctetsType = "application/octet-stream";
/// Not plain text, which some browsers would offer to save.
constexpr Bytes kTakenType = "text/html";
constexpr Bytes kRefusalType = "application/json";

Response upgrade_refusal(engineio::Refusal refusal) {
  Response response =
      make_response(engineio::status_of(refusal), kTakenType, engineio::describe(refusal));
  response.is_last = true;
  return response;
}

}  // namespace

EngineAnswer payload_answer(std::string payload, const engineio::Dialect& dialect) {
  if (dialect.version == engineio::Version::V4) {
    return {.media_type = kPayloadType, .body = std::move(payload)};
  }
  engineio::CountedPayload counted = engineio::to_counted(payload, dialect.text_only);
  const bool is_text = counted.kind == engineio::DataKind::Text;
  return {.media_type = is_text ? kPayloadType : kOctetsType, .body = std::move(counted.body)};
}

EngineAnswer taken_answer() {
  return {.media_type = kTakenType, .body = "ok"};
}

EngineAnswer refusal_answer(engineio::Refusal refusal) {
  return {.status = engineio::status_of(refusal),
          .media_type = kRefusalType,
          .body = engineio::to_json(refusal)};
}

void give_answer(Exchange& exchange, EngineAnswer answer, EngineAnswerTo what,
                 const EngineOptions& options) {
  Response response = make_response(answer.status, answer.media_type, answer.body);
  response.add("Cache-Control", "no-store");
  if (options.add_fields) options.add_fields(exchange.request(), what, response.head);
  exchange.respond(std::move(response));
}

void refuse_upgrade(Exchange& exchange, engineio::Refusal refusal) {
  Response response = upgrade_refusal(refusal);
  response.is_last = !exchange.request().is_http_2;  // others share that connection
  exchange.respond(std::move(response));
}

std::string upgrade_refusal_text(engineio::Refusal refusal) {
  const Response response = upgrade_refusal(refusal);
  std::string text;
  http1::append_response_head(text, response.head,
                              http1::Framing::content_length(response.body.size()),
                              {.persistence = http1::Persistence::Close, .date = {}});
  return text.append(response.body.view());
}

}  // namespace carillon::transport
