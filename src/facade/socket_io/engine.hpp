// How Engine.IO is told what the application wants of it, and how it lets clients in.
#pragma once

#include <memory>

#include "facade/socket_io/io.hpp"
#include "transport/socketio/engine_server.hpp"

namespace carillon::facade {

/// Throws std::invalid_argument for an option out of range.
void check_options(const socket_io::Options& options);

/// Serves `io` at its path; before the reactors run.
/// Throws std::invalid_argument for a path that is malformed or already served.
/// Lifetime: what is returned goes before `io`, and after the connections.
std::unique_ptr<transport::EngineServer> serve_socket_io(SocketIo& io);

}  // namespace carillon::facade
