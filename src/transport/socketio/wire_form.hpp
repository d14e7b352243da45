// Publications as events of Socket.IO: encoded once, as WebSocket frames, for all readers.
#pragma once

#include <string>

#include "core/bytes.hpp"
#include "hub/publication.hpp"
#include "hub/wire_form.hpp"
#include "transport/common/settings.hpp"

namespace carillon::transport {

/// The name of the event that tells of a publication.
const std::string& event_of(const hub::Publication& publication, const SocketIoEvents& events);

/// Appends one text frame with the Engine.IO message that is this event of the main Socket.IO
/// namespace. `arguments` are JSON values with commas between them.
void append_event_frame(std::string& out, Bytes event, Bytes arguments);

/// The same of a publication.
void append_publication_frame(std::string& out, const hub::Publication& publication,
                              const SocketIoEvents& events);

/// Lifetime: the names outlive `forms`.
hub::WireFormId add_socketio_form(hub::WireForms& forms, const SocketIoEvents& events);

}  // namespace carillon::transport
