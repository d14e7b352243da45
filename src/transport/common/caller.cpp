#include "transport/common/caller.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "access/authority.hpp"
#include "access/cookie.hpp"
#include "access/session_token.hpp"
#include "access/token.hpp"
#include "net/reactor.hpp"
#include "protocol/native/channel_name.hpp"
#include "transport/common/admission.hpp"
#include "transport/common/key_source.hpp"
#include "transport/common/limiter.hpp"
#include "transport/common/verification.hpp"

namespace carillon::transport {

namespace {

constexpr Bytes kTokenCookie = "carillon_token";
constexpr Bytes kBearer = "bearer ";

/// What is left of a token's time is counted up to this, which no clock will see.
constexpr std::chrono::microseconds kLongestTime = std::chrono::hours(24 * 365 * 10);

std::unexpected<Problem> unauthenticated(std::string detail) {
  return std::unexpected(
      Problem{.code = native::ProblemCode::Unauthenticated, .detail = std::move(detail)});
}

std::optional<Bytes> bearer_of(const Request& request) {
  const auto field = request.field("authorization");
  if (!field || field->size() <= kBearer.size() ||
      !access::equal_ignoring_case(field->substr(0, kBearer.size()), kBearer)) {
    return std::nullopt;
  }
  return field->substr(field->find_first_not_of(' ', kBearer.size() - 1));
}

Result<access::Identity, Problem> identify(Worker& worker, const access::TokenRules& rules,
                                           Bytes token) {
  const Timestamp now = worker.reactor().wall_clock();
  auto claims = access::verify_token(token, rules, now);
  if (claims && worker.revocations().cover(*claims, now)) {
    ++worker.probe().refused_tokens;
    return unauthenticated("the token has been revoked");
  }
  if (claims) {
    return access::Identity{.claims = std::make_shared<const access::Claims>(*std::move(claims)),
                            .api_key = nullptr};
  }
  ++worker.probe().refused_tokens;
  if (claims.error() == access::TokenError::UnknownKey && worker.key_source() != nullptr) {
    worker.key_source()->on_unknown_key();
  }
  return unauthenticated("the token does not count: " +
                         std::string(access::describe(claims.error())));
}

struct RestoredSession {
  hub::ClientId client;
  std::string user;
};

Result<RestoredSession, Problem> restore_session(Worker& worker, Bytes token) {
  auto claims = access::verify_session(token, worker.settings().session.secret,
                                       worker.reactor().wall_clock());
  if (!claims && claims.error() == access::SessionTokenError::Expired) {
    return unauthenticated("the session has expired: connect without it to begin a new one");
  }
  const auto client = claims ? hub::parse_client_id(claims->client) : std::nullopt;
  if (!client) {
    return unauthenticated(
        "the session token is not one of this server: connect without it to begin a "
        "new session");
  }
  return RestoredSession{.client = *client, .user = std::move(claims->user)};
}

/// A session that a user has begun is that user's.
Result<void, Problem> enter_session(Worker& worker, Caller& caller, Bytes token) {
  const RestoredSession session = TRY(restore_session(worker, token));
  if (!session.user.empty() && session.user != caller.identity.user()) {
    return unauthenticated("the session is another user's: send that user's token as well");
  }
  caller.client = session.client;
  return {};
}

Problem refused_by_application(const access::Identity& identity, access::Action action,
                               Bytes channel) {
  return {.code = identity.claims ? native::ProblemCode::Forbidden
                                  : native::ProblemCode::Unauthenticated,
          .detail = "the application does not let this client " +
                    std::string(access::action_meaning(action)) + " " + access::in_quotes(channel)};
}

/// Only the client itself reads its channel, whatever else it may do. Back ends may write there;
/// clients signal.
Result<void, Problem> require_own(const Caller& caller, access::Action action, Bytes channel) {
  const bool reads = action == access::Action::Subscribe || action == access::Action::History;
  if (reads && caller.client && channel == client_channel(caller.client)) return {};
  return std::unexpected(
      Problem{.code = native::ProblemCode::Forbidden,
              .detail = "this is a client's own channel: it alone may read it, by its session, and "
                        "others send it a \"signal\""});
}

}  // namespace

access::LimitKey Caller::limited_as() const {
  if (identity.user().empty()) return address;
  return access::LimitKey::of(access::LimitSubject::User, identity.user());
}

std::optional<Bytes> token_of(const Request& request) {
  if (const auto bearer = bearer_of(request)) return bearer;
  if (const auto parameter = request.parameter("token")) return parameter;
  if (!request.cookie_counts) return std::nullopt;
  const auto cookies = request.field("cookie");
  return cookies ? access::find_cookie(*cookies, kTokenCookie) : std::nullopt;
}

Result<access::Identity, Problem> identity_of(Worker& worker, const Request& request) {
  const auto& [rules, api_keys] = worker.settings().policy.credentials;
  const bool application_verifies = static_cast<bool>(worker.hooks().verify_token);
  if (api_keys) {
    const auto bearer = bearer_of(request);
    auto key = bearer ? api_keys->find(*bearer) : nullptr;
    if (key) return access::Identity{.claims = nullptr, .api_key = std::move(key)};
    // Where the application is asked, it may be a secret between it and its client.
    if (bearer && !rules && worker.connect_calls() == nullptr && !application_verifies) {
      ++worker.probe().refused_tokens;
      return unauthenticated("the bearer token is no API key of this server");
    }
  }
  const auto token = rules && !application_verifies ? token_of(request) : std::nullopt;
  if (!token) return access::Identity{};
  return identify(worker, *rules, *token);
}

bool is_back_end(const Worker& worker, const Request& request) {
  const auto& api_keys = worker.settings().policy.credentials.api_keys;
  const auto bearer = api_keys ? bearer_of(request) : std::nullopt;
  return bearer && api_keys->find(*bearer) != nullptr;
}

Caller caller_without_session(const Worker& worker, const Request& request,
                              access::Identity identity) {
  const access::Requester& requester = request.requester;
  return {.identity = std::move(identity),
          .locality = requester.locality,
          .client = {},
          .address = limited_address(worker, requester),
          .is_uncounted = is_unknown(requester) || requester.address != ip_address(request.peer)};
}

Result<Caller, Problem> caller_of(Worker& worker, const Request& request,
                                  access::Identity identity) {
  Caller caller = caller_without_session(worker, request, std::move(identity));
  std::optional<Bytes> session = request.field("carillon-session");
  if (!session) session = request.parameter("session");
  if (session) TRY(enter_session(worker, caller, *session));
  return caller;
}

void name(Worker& worker, const native::Connect& command, TokenNamed done) {
  if (!command.token) return done(std::nullopt);
  if (worker.hooks().verify_token) {
    return verify_by_application(worker, *command.token, std::move(done));
  }
  const auto& rules = worker.settings().policy.credentials.tokens;
  if (rules) return done(identify(worker, *rules, *command.token));
  done(std::unexpected(Problem{.code = native::ProblemCode::NotSupported,
                               .detail = "tokens are not served here: connect without one, or set "
                                         "[access] token_secret or token_keys"}));
}

Result<void, Problem> connect(Worker& worker, Caller& caller, std::optional<access::Identity> named,
                              const std::optional<std::string>& session) {
  if (named) {
    const Bytes before = caller.identity.user();
    if (!before.empty() && named->user() != before) {
      return std::unexpected(
          Problem{.code = native::ProblemCode::Conflict,
                  .detail = "this connection is another user's: open a new one"});
    }
    caller.identity = *std::move(named);
  }
  if (session) TRY(enter_session(worker, caller, *session));
  return {};
}

TimePoint expiry_of(Worker& worker, const access::Identity& identity) {
  const auto& claims = identity.claims;
  if (!claims || !claims->expires) return TimePoint::max();
  const std::chrono::microseconds left(claims->expires->microseconds -
                                       worker.reactor().wall_clock().microseconds);
  return worker.reactor().now() + std::min(left, kLongestTime);
}

Result<void, Problem> require(Worker& worker, const Caller& caller, access::Action action,
                              Bytes channel) {
  if (native::channel_namespace(channel) == kInternalNamespace) {
    return std::unexpected(Problem{.code = native::ProblemCode::Forbidden,
                                   .detail = "this namespace is the server's own"});
  }
  const bool reads = action != access::Action::Publish && access::is_channel_action(action);
  if (native::is_client_channel(channel) && (reads || !caller.identity.api_key)) {
    return require_own(caller, action, channel);
  }
  const auto& decide = worker.hooks().decide;
  if (decide && !caller.identity.api_key && access::is_channel_action(action)) {
    switch (decide(worker, caller.identity, action, channel)) {
      case Ruling::Allow:
        return {};
      case Ruling::Refuse:
        return std::unexpected(refused_by_application(caller.identity, action, channel));
      case Ruling::ByRules:
        break;
    }
  }
  const access::Decision decision = access::decide(
      worker.settings().policy.permissions, caller.identity, caller.locality, action, channel);
  if (!decision.allowed()) return std::unexpected(to_problem(decision));
  return {};
}

std::string client_channel(hub::ClientId client) {
  return std::string(native::kClientNamespace) + ":" + hub::to_text(client);
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

}  // namespace carillon::transport
