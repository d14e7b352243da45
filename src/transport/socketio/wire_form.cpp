#include "transport/socketio/wire_form.hpp"

#include "protocol/engineio/packet.hpp"
#include "protocol/native/channel_name.hpp"
#include "protocol/socketio/encode.hpp"
#include "protocol/websocket/frame.hpp"
#include "transport/common/publication_json.hpp"

namespace carillon::transport {

void append_event_frame(std::string& out, Bytes event, Bytes arguments) {
  thread_local std::string text;
  text.assign(1, engineio::digit_of(engineio::PacketType::Message));
  socketio::append_event(text, {}, event, arguments);
  const websocket::EncodedFrameHeader header(
      {.opcode = websocket::Opcode::Text, .mask = {}, .payload_bytes = text.size()});
  out.append(header.view()).append(text);
}

const std::string& event_of(const hub::Publication& publication, const SocketIoEvents& events) {
  switch (publication.kind) {
    case hub::PublicationKind::Kept:
      return native::is_client_channel(publication.channel) ? events.signal : events.message;
    case hub::PublicationKind::Presence:
      return events.presence;
    case hub::PublicationKind::Ephemeral:
      break;
  }
  return events.ephemeral;
}

void append_publication_frame(std::string& out, const hub::Publication& publication,
                              const SocketIoEvents& events) {
  thread_local std::string object;
  object.clear();
  append_publication(object, publication);
  append_event_frame(out, event_of(publication, events), object);
}

hub::WireFormId add_socketio_form(hub::WireForms& forms, const SocketIoEvents& events) {
  return forms.add("socketio", [&events](const hub::Publication& publication, std::string& out) {
    append_publication_frame(out, publication, events);
  });
}

}  // namespace carillon::transport
