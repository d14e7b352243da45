// A handshake that the application judges, now or later.
#pragma once

#include "carillon/socket_io.hpp"
#include "facade/core.hpp"
#include "transport/socketio/engine_server.hpp"

namespace carillon::facade {

/// Opens the session once that is decided.
using OpenAdmitted = std::move_only_function<void(transport::Worker&, transport::Exchange&)>;

void ask_admission(Core& core, Local& local, transport::Exchange& exchange,
                   const socket_io::Options& options, OpenAdmitted open);

}  // namespace carillon::facade
