#include "client/websocket_reader.hpp"

#include <utility>

#include "client/answer.hpp"
#include "client/closing.hpp"
#include "protocol/json/writer.hpp"

namespace carillon::client {
namespace {

constexpr std::size_t kAskedCount = 3;

Failure not_ours(std::string text) {
  return {.kind = FailureKind::NotOurs, .remedy = Remedy::None, .text = std::move(text)};
}

std::string after_member(const Position& position) {
  return R"(,"after":")" + to_text(position) + '"';
}

}  // namespace

WebSocketReader::WebSocketReader(net::Reactor& reactor, const ClientOptions& options,
                                 const ReadRequest& request, ReaderListener& listener)
    : request_(request),
      listener_(listener),
      socket_(reactor, options, *this),
      channels_(request.channels.size()) {}

void WebSocketReader::start(native::PositionList after) {
  for (std::size_t i = 0; i < channels_.size(); ++i) channels_[i].position = after[i];
  socket_.open("/ws");
}

void WebSocketReader::stop() {
  stopped_ = true;
  socket_.close();
}

// --- What we ask --------------------------------------------------------------------------------

void WebSocketReader::on_socket_open() {
  for (std::size_t i = 0; i < channels_.size(); ++i) subscribe(i);
}

void WebSocketReader::subscribe(std::size_t index) {
  channels_[index].leaving = false;
  const auto& position = channels_[index].position;
  send(Asked::Subscribe, index, position ? after_member(*position) : std::string{});
}

void WebSocketReader::unsubscribe(std::size_t index) {
  channels_[index].leaving = true;
  send(Asked::Unsubscribe, index, {});
}

/// The refusal of a page after a position that is gone says from where everything is retained.
void WebSocketReader::ask_for_retained(std::size_t index) {
  send(Asked::History, index, after_member(*channels_[index].position) + R"(,"limit":1)");
}

void WebSocketReader::send(Asked what, std::size_t index, Bytes members) {
  static constexpr Bytes kTypes[kAskedCount] = {"subscribe", "unsubscribe", "history"};
  const auto asked = static_cast<std::size_t>(what);
  std::string json = R"({"type":")";
  json.append(kTypes[asked]).append(R"(","id":)");
  json::append_integer(json, index * kAskedCount + asked);
  json.append(R"(,"channel":)");
  json::append_string(json, request_.channels[index]);
  json.append(members).append("}");
  socket_.send_text(json);
}

// --- What we are told ---------------------------------------------------------------------------

void WebSocketReader::on_socket_text(Bytes text) {
  const auto object = ServerObject::parse(text);
  if (!object) return fail(not_ours("a frame that is no JSON object"));
  const std::string& type = object->type();
  if (type == "ok") return on_reply(*object);
  if (type == "error") return on_error(*object);
  if (type == "closing") return fail(read_closing(*object));
  const auto index = index_of(request_, object->channel());
  if (!index || channels_[*index].leaving) return;
  if (type == "message") return on_message(*index, *object);
  if (const auto position = object->position(); type == "gap" && position) {
    channels_[*index].position = *position;
    listener_.on_gap(*index, *position);
  } else if (const auto ephemeral = object->ephemeral(); type == "ephemeral" && ephemeral) {
    listener_.on_ephemeral(*index, *ephemeral);
  }
}

void WebSocketReader::on_message(std::size_t index, const ServerObject& object) {
  const auto message = object.message();
  if (!message) return fail(not_ours("a message without data or position"));
  channels_[index].position = message->position;
  listener_.on_message(index, *message);
}

void WebSocketReader::on_reply(const ServerObject& reply) {
  const auto id = reply.integer("id");
  if (!id || *id >= channels_.size() * kAskedCount) return;
  const std::size_t index = *id / kAskedCount;
  switch (static_cast<Asked>(*id % kAskedCount)) {
    case Asked::Subscribe:
      return on_subscribed(index, reply);
    case Asked::Unsubscribe:
      if (std::exchange(channels_[index].broken, false)) return ask_for_retained(index);
      return subscribe(index);
    case Asked::History:
      return subscribe(index);  // it can be continued from after all
  }
}

void WebSocketReader::on_subscribed(std::size_t index, const ServerObject& reply) {
  const auto position = reply.position();
  if (!position) return fail(not_ours("a subscription without a position"));
  if (!reply.boolean("contiguous", true)) listener_.on_not_contiguous();
  if (stopped_) return;
  Channel& channel = channels_[index];
  if (reply.boolean("more", false) && channel.position) {
    channel.broken = !reply.boolean("recovered", true);
    return unsubscribe(index);
  }
  channel.position = *position;
  listener_.on_position(index, *position);
}

void WebSocketReader::on_error(const ServerObject& reply) {
  const auto problem = parse_problem(reply.json());
  if (!problem) return fail(not_ours("an error without a code"));
  const auto id = reply.integer("id");
  const bool is_ours = id && *id < channels_.size() * kAskedCount;
  const bool tells_retained = is_ours && static_cast<Asked>(*id % kAskedCount) == Asked::History &&
                              problem->retained.size() == 1 && problem->retained.front();
  if (!tells_retained) return fail(refusal(*problem, 0));
  const std::size_t index = *id / kAskedCount;
  channels_[index].position = problem->retained.front();
  listener_.on_gap(index, *problem->retained.front());
  if (!stopped_) subscribe(index);
}

void WebSocketReader::on_socket_failed(const Failure& failure) {
  fail(failure);
}

void WebSocketReader::fail(const Failure& failure) {
  if (stopped_) return;
  stop();
  listener_.on_reader_failed(failure);
}

}  // namespace carillon::client
