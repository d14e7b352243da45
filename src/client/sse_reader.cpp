#include "client/sse_reader.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "client/closing.hpp"
#include "client/query.hpp"
#include "protocol/http1/media_type.hpp"

namespace carillon::client {
namespace {

bool is_event_stream(const http1::Fields& fields) {
  const auto field = fields.find("content-type");
  const auto type = field ? http1::parse_media_type(*field) : std::nullopt;
  return type && type->is("text", "event-stream");
}

Failure not_ours(std::string text) {
  return {.kind = FailureKind::NotOurs, .remedy = Remedy::None, .text = std::move(text)};
}

}  // namespace

SseReader::SseReader(net::Reactor& reactor, const ClientOptions& options,
                     const ReadRequest& request, ReaderListener& listener)
    : reactor_(reactor),
      request_(request),
      listener_(listener),
      http_(reactor, options, *this),
      parser_({.line_bytes = limits::kMessageBytes, .data_bytes = limits::kMessageBytes}) {}

void SseReader::start(native::PositionList after) {
  HttpRequest request{.target = "/api/events"};
  request.fields.add("Accept", "text/event-stream");
  for (const std::string& channel : request_.channels) {
    append_parameter(request.target, "channel", channel);
  }
  std::string text;
  native::append_position_list(text, after);
  append_parameter(request.target, "after", text);
  http_.call(std::move(request));
}

void SseReader::stop() {
  stopped_ = true;
  http_.close();
}

void SseReader::on_http_head(http1::ResponseHead head) {
  if (head.status == 200 && is_event_stream(head.fields)) return;
  refusal_ = Answer{.status = head.status, .fields = std::move(head.fields)};
}

void SseReader::on_http_body(Bytes piece) {
  if (refusal_) {
    const std::size_t room = limits::kProblemBytes - refusal_->body.size();
    refusal_->body.append(piece.substr(0, room));
    if (piece.size() > room) on_http_complete();
    return;
  }
  while (!stopped_) {
    auto output = parser_.next(piece);
    if (!output) {
      return fail(
          {.kind = FailureKind::TooLarge,
           .remedy = Remedy::None,
           .text = "an event of more than " + std::to_string(limits::kMessageBytes) + " bytes"});
    }
    if (!*output) return;
    if (const auto* event = std::get_if<sse::Event>(&**output)) on_event(*event);
  }
}

void SseReader::on_event(const sse::Event& event) {
  const auto object = ServerObject::parse(event.data);
  if (!object) return fail(not_ours("an event that is no JSON object"));
  if (event.name != "message") return on_named_event(event.name, *object);
  const auto message = object->message();
  const auto index = index_of(request_, object->channel());
  if (!message || !index)
    return fail(not_ours("an event that is no message of a channel asked for"));
  listener_.on_message(*index, *message);
}

void SseReader::on_named_event(const std::string& name, const ServerObject& object) {
  if (name == "position") {
    tell_positions(object.text("position"));
    if (!stopped_ && !object.boolean("contiguous", true)) listener_.on_not_contiguous();
    return;
  }
  if (name == "closing") return fail(read_closing(object));
  const auto index = index_of(request_, object.channel());
  if (!index) return;  // of a kind that is still to be invented
  if (const auto position = object.position(); name == "gap" && position) {
    listener_.on_gap(*index, *position);
  } else if (const auto ephemeral = object.ephemeral(); name == "ephemeral" && ephemeral) {
    listener_.on_ephemeral(*index, *ephemeral);
  }
}

void SseReader::tell_positions(Bytes id) {
  const auto positions = native::parse_position_list(id);
  const std::size_t count = positions ? positions->size() : 0;
  for (std::size_t i = 0; i < std::min(count, request_.channels.size()) && !stopped_; ++i) {
    if ((*positions)[i]) listener_.on_position(i, *(*positions)[i]);
  }
}

void SseReader::on_http_complete() {
  if (refusal_) return fail(refusal(*refusal_, reactor_.wall_clock()));
  fail({.kind = FailureKind::Lost, .text = "the event stream ended"});
}

void SseReader::on_http_failed(const Failure& failure) {
  fail(failure);
}

void SseReader::fail(const Failure& failure) {
  if (stopped_) return;
  stop();
  listener_.on_reader_failed(failure);
}

}  // namespace carillon::client
