// Who asks for something, as every operation wants to know it.
#pragma once

#include <string>

#include "access/permissions.hpp"
#include "core/result.hpp"
#include "hub/client_id.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/request.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {

struct Caller {
  access::Identity identity;
  access::Locality locality = access::Locality::Remote;
  /// The session's; none for a request that names no session.
  hub::ClientId client;
};

/// The caller of an HTTP request: its session is named by the header Carillon-Session or by the
/// parameter `session`.
/// Errors: Unauthenticated for a session token that is not (or no longer) ours.
Result<Caller, Problem> caller_of(Worker& worker, const Request& request);

/// Whether `caller` may do that; the error says which config key forbids it.
Result<void, Problem> require(Worker& worker, const Caller& caller, access::Action action,
                              Bytes channel);

/// A session token for the client of a session.
std::string session_token(Worker& worker, hub::ClientId client, Bytes user);

struct RestoredSession {
  hub::ClientId client;
  std::string user;
};
/// Errors: Unauthenticated.
Result<RestoredSession, Problem> restore_session(Worker& worker, Bytes token);

}  // namespace carillon::transport
