// Who asks for something, as every operation wants to know it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "access/limit_key.hpp"
#include "access/permissions.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "hub/client_id.hpp"
#include "protocol/native/command.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/request.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {

struct Spending;

struct Caller {
  access::Identity identity;
  access::Locality locality = access::Locality::Remote;
  /// The session's; none for a request that names no session.
  hub::ClientId client;

  // Whom it is counted for (limiter.hpp).
  access::LimitKey address = {};  // empty: no limit but a channel's holds for it
  bool is_uncounted = false;      // at the door: a proxy stands between, or no socket stays
  Spending* spending = nullptr;   // of an endpoint that stays

  bool is_limited() const { return address && !identity.api_key; }
  /// The user, or where none is named the address.
  access::LimitKey limited_as() const;
};

/// Whom the API key of a request names, in `Authorization: Bearer`; or its token: there, in the
/// parameter `token`, or in the cookie `carillon_token`, the first of them. Anonymous without one,
/// and where they are not served.
/// Errors: Unauthenticated for what does not count.
Result<access::Identity, Problem> identity_of(Worker& worker, const Request& request);

/// The token that a request shows, which nobody has looked at.
std::optional<Bytes> token_of(const Request& request);

/// Whether the request shows an API key, whoever else it may name.
bool is_back_end(const Worker& worker, const Request& request);

/// Who asks by this request, without a session.
Caller caller_without_session(const Worker& worker, const Request& request,
                              access::Identity identity);

/// The caller of an HTTP request that is from `identity`: its session is named by the header
/// Carillon-Session or by the parameter `session`.
/// Errors: Unauthenticated for a session that is not (or no longer) ours or is another user's.
Result<Caller, Problem> caller_of(Worker& worker, const Request& request,
                                  access::Identity identity);

/// Whom the token of a `connect` names; empty without one.
using TokenNamed = std::move_only_function<void(Result<std::optional<access::Identity>, Problem>)>;

/// Within this call; later, but for a client without a token, where the application verifies
/// tokens. Errors: Unauthenticated, Unavailable; NotSupported where tokens are not served.
void name(Worker& worker, const native::Connect& command, TokenNamed done);

/// What `connect` asks for: the caller is who has been named from now on, and continues its
/// session. Errors: as of caller_of; Conflict where the caller was another user. The caller may
/// have changed
///         in part: try it on a copy.
Result<void, Problem> connect(Worker& worker, Caller& caller, std::optional<access::Identity> named,
                              const std::optional<std::string>& session);

/// When the identity's token ends, as the wall clock stands now; TimePoint::max(): never.
TimePoint expiry_of(Worker& worker, const access::Identity& identity);

/// Whether `caller` may do that; the error says which config key forbids it.
Result<void, Problem> require(Worker& worker, const Caller& caller, access::Action action,
                              Bytes channel);

/// The channel of a client's own, in which it hears what is signalled to it.
std::string client_channel(hub::ClientId client);

/// A session token for the client of a session.
std::string session_token(Worker& worker, hub::ClientId client, Bytes user);

}  // namespace carillon::transport
