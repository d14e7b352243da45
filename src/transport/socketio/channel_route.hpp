// The path at which Socket.IO clients find the channels.
#pragma once

#include <memory>

#include "transport/common/router.hpp"
#include "transport/common/settings.hpp"
#include "transport/common/worker.hpp"
#include "transport/socketio/engine_server.hpp"

namespace carillon::transport {

/// `settings` are those of the start. Lifetime: see EngineServer.
std::unique_ptr<EngineServer> serve_channels(Router& router, const SocketIoSettings& settings,
                                             const Workers& workers);

}  // namespace carillon::transport
