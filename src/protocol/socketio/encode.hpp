// Socket.IO packets as they leave, each as one text message; attachments follow it, each as one
// binary message. What goes to many clients is encoded once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.hpp"

namespace carillon::socketio {

/// `<name space>,`: nothing for the main one. An empty name counts as the main one.
struct Address {
  Bytes name_space = "/";
  std::optional<std::uint64_t> id = {};
};

/// CONNECT, the answer of a server: `sid` names the client in this Socket.IO namespace, `pid` is
/// the secret that restores it (left out when empty). Nothing but the type for an empty `sid`:
/// that is what version 2 of the library expects.
void append_connect(std::string& out, Bytes name_space, Bytes sid, Bytes pid = {});

/// CONNECT_ERROR with `{"message":…}`, and `"data"` where `data` is a valid JSON text.
void append_connect_error(std::string& out, Bytes name_space, Bytes message, Bytes data = {});

/// The same for a client of version 2 of the library, there called ERROR: `data`, any valid JSON
/// text, is all that it is told.
void append_error(std::string& out, Bytes name_space, Bytes data);

void append_disconnect(std::string& out, Bytes name_space);

/// EVENT, or BINARY_EVENT where `attachment_count` is not 0. `arguments` are valid JSON values with
/// commas between them and no brackets around, in which placeholders stand for the attachments.
void append_event(std::string& out, const Address& address, Bytes event, Bytes arguments,
                  std::size_t attachment_count = 0);

/// ACK, or BINARY_ACK, of the event with the same id.
void append_ack(std::string& out, const Address& address, Bytes arguments,
                std::size_t attachment_count = 0);

}  // namespace carillon::socketio
