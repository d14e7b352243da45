// Arguments of the application's as what packets carry, and back.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "carillon/socket_io_value.hpp"
#include "core/shared_bytes.hpp"
#include "protocol/socketio/packet.hpp"

namespace carillon::facade {

/// JSON values with commas between them, and the attachments that stand in them.
struct SocketIoPayload {
  std::string arguments;
  std::vector<SharedBytes> attachments;

  std::size_t bytes() const;
};

SocketIoPayload payload_of(const socket_io::Arguments& arguments);

/// The elements of a packet from the `first` on.
socket_io::Arguments arguments_of(const socketio::Packet& packet, std::size_t first);

}  // namespace carillon::facade
