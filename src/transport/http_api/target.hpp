// Whom a back end means: a user, wherever that one is connected, or one client.
#pragma once

#include <string>

#include "core/result.hpp"
#include "hub/client_id.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/endpoint.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/request.hpp"
#include "transport/http_api/body.hpp"

namespace carillon::transport {

struct Target {
  std::string user;      // empty: a client is meant
  hub::ClientId client;  // nobody: a user is meant

  bool fits(const Endpoint& endpoint) const {
    return user.empty() ? endpoint.client() == client : endpoint.identity().user() == user;
  }
};

/// By the members, or the parameters, `user` and `client`: one of them.
/// Errors: BadRequest.
Result<Target, Problem> target_of(const Body& body);
Result<Target, Problem> target_of(const Request& request);

/// Serves a call whose work begins here, or is refused with a problem.
using BeginCall = Result<void, Problem> (*)(Worker&, Exchange&, const Caller&);
void serve_call(Worker& worker, Exchange& exchange, BeginCall begin);

}  // namespace carillon::transport
