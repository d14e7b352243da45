#include "transport/common/caller.hpp"

#include "access/session_token.hpp"
#include "net/reactor.hpp"
#include "protocol/native/channel_name.hpp"

namespace carillon::transport {

Result<Caller, Problem> caller_of(Worker& worker, const Request& request) {
  Caller caller{.identity = {}, .locality = request.requester.locality, .client = {}};
  std::optional<Bytes> token = request.field("carillon-session");
  if (!token) token = request.parameter("session");
  if (!token) return caller;
  auto session = restore_session(worker, *token);
  if (!session) return std::unexpected(std::move(session.error()));
  caller.client = session->client;
  caller.identity.user = std::move(session->user);
  return caller;
}

Result<void, Problem> require(Worker& worker, const Caller& caller, access::Action action,
                              Bytes channel) {
  if (native::channel_namespace(channel) == kInternalNamespace) {
    return std::unexpected(Problem{.code = native::ProblemCode::Forbidden,
                                   .detail = "this namespace is the server's own"});
  }
  const access::Decision decision = access::decide(
      worker.settings().policy.permissions, caller.identity, caller.locality, action, channel);
  if (!decision.allowed()) return std::unexpected(to_problem(decision));
  return {};
}

std::string session_token(Worker& worker, hub::ClientId client, Bytes user) {
  const Timestamp now = worker.reactor().wall_clock();
  const SessionSettings& settings = worker.settings().session;
  const auto lifetime = std::chrono::microseconds(settings.lifetime).count();
  return access::sign_session({.client = hub::to_text(client),
                               .user = std::string(user),
                               .issued = now,
                               .expires = Timestamp{now.microseconds + lifetime}},
                              settings.secret);
}

Result<RestoredSession, Problem> restore_session(Worker& worker, Bytes token) {
  const auto refuse = [](const char* detail) {
    return std::unexpected(Problem{.code = native::ProblemCode::Unauthenticated, .detail = detail});
  };
  auto claims = access::verify_session(token, worker.settings().session.secret,
                                       worker.reactor().wall_clock());
  if (!claims && claims.error() == access::SessionTokenError::Expired) {
    return refuse("the session has expired: connect without it to begin a new one");
  }
  const auto client = claims ? hub::parse_client_id(claims->client) : std::nullopt;
  if (!client) {
    return refuse(
        "the session token is not one of this server: connect without it to begin a "
        "new session");
  }
  return RestoredSession{.client = *client, .user = std::move(claims->user)};
}

}  // namespace carillon::transport
