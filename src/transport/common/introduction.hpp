// Who asks, before anything is done for it: known at once, or asked of the application.
#pragma once

#include <functional>

#include "access/permissions.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/probe.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {

using ServeIdentity = std::move_only_function<void(Worker&, Exchange&, access::Identity)>;
using ServeCaller = std::move_only_function<void(Worker&, Exchange&, Caller)>;

/// Finds out whom the request is from (see identity_of; a program that embeds the server may verify
/// its token, and without one the application is asked where `[access] connect_url` says so), then
/// serves it, within this call or later; not at all where the client has gone meanwhile. A request
/// that is refused is answered here.
void with_identity(Worker& worker, Exchange& exchange, TransportKind transport,
                   ServeIdentity serve);

/// The same with the request's session (see caller_of).
void with_caller(Worker& worker, Exchange& exchange, TransportKind transport, ServeCaller serve);

}  // namespace carillon::transport
