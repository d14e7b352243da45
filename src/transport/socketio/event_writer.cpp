#include "transport/socketio/event_writer.hpp"

#include <string>

#include "protocol/json/writer.hpp"
#include "protocol/native/encode.hpp"
#include "protocol/socketio/encode.hpp"
#include "protocol/socketio/packet.hpp"
#include "transport/common/publication_json.hpp"
#include "transport/socketio/wire_form.hpp"

namespace carillon::transport {

using engineio::DataKind;

void EventWriter::connect(Bytes id) {
  std::string out;
  socketio::append_connect(out, socketio::kMainNamespace, is_version_2() ? Bytes() : id);
  session_.send(DataKind::Text, out, Cause::Asked);
}

void EventWriter::refuse(Bytes name_space, const Problem& problem) {
  // That of an unknown name is Socket.IO's own, which has no data.
  const bool has_code = problem.code != native::ProblemCode::NotFound;
  std::string data;
  json::ObjectWriter object(data);
  if (is_version_2() || !has_code) object.text("message", problem.detail);
  if (has_code) object.text("code", native::problem_info(problem.code).text);
  if (has_code && problem.wait) object.integer("wait_ms", problem.wait->count());
  object.finish();
  std::string out;
  if (is_version_2()) {
    socketio::append_error(out, socketio::split_query(name_space).name, data);
  } else {
    socketio::append_connect_error(out, name_space, problem.detail, has_code ? data : Bytes());
  }
  session_.send(DataKind::Text, out, Cause::Asked);
}

void EventWriter::disconnect() {
  std::string out;
  socketio::append_disconnect(out, socketio::kMainNamespace);
  session_.send(DataKind::Text, out, Cause::Asked);
}

void EventWriter::emit(Bytes event, Bytes argument, Cause cause) {
  std::string out;
  socketio::append_event(out, {}, event, argument);
  session_.send(DataKind::Text, out, cause);
}

void EventWriter::reply(AckId ack, Bytes otherwise, Bytes argument) {
  if (!ack) return emit(otherwise, argument, Cause::Asked);
  std::string out;
  socketio::append_ack(out, {.id = *ack}, argument);
  session_.send(DataKind::Text, out, Cause::Asked);
}

void EventWriter::publications(std::span<const hub::PublicationPtr> publications) {
  std::string object;
  for (const hub::PublicationPtr& publication : publications) {
    object.clear();
    append_publication(object, *publication);
    emit(event_of(*publication, names()), object, Cause::Asked);
  }
}

void EventWriter::gap(Bytes channel, const Position& position) {
  std::string out;
  native::append_gap(out, {.channel = channel, .position = position});
  emit(names().gap, out, Cause::News);
}

void EventWriter::unsubscribed(Bytes channel) {
  std::string out;
  native::append_unsubscribed(out, channel);
  emit(names().unsubscribed, out, Cause::News);
}

void EventWriter::closing(const native::Closing& closing) {
  std::string out;
  native::append_closing(out, closing);
  emit(names().closing, out, Cause::Asked);
}

}  // namespace carillon::transport
