// What an event of a Socket.IO client asks of channels, as a native command.
#pragma once

#include <string>

#include "core/result.hpp"
#include "protocol/socketio/packet.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/settings.hpp"

namespace carillon::transport {

/// The text of the command that these arguments say: `subscribe(channel, options?)`,
/// `unsubscribe(channel)`, `publish(channel, data, options?)`, `ephemeral(channel, data)`,
/// `history(channel, options?)`, `presence(channel, options?)`, `signal(to, data)`. The options are
/// the other members of the command. Data that is one attachment is binary. Errors: NotSupported
/// for another event, BadRequest for arguments that make no command.
Result<std::string, Problem> command_text(const socketio::Packet& event,
                                          const SocketIoEvents& names);

}  // namespace carillon::transport
