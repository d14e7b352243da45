#include "transport/common/introduction.hpp"

#include <memory>
#include <utility>

#include "net/reactor.hpp"
#include "transport/common/connect_calls.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/verification.hpp"

namespace carillon::transport {
namespace {

/// An answer is as old as its question: what was revoked meanwhile does not come in by it. Later
/// questions are the application's to answer otherwise.
Result<access::Identity, Problem> if_not_revoked(Worker& worker, access::Identity identity,
                                                 Timestamp asked) {
  if (!identity.claims) return identity;
  access::Claims claims = *identity.claims;
  if (!claims.issued) claims.issued = asked;
  if (worker.revocations().cover(claims, worker.reactor().wall_clock())) {
    return std::unexpected(
        Problem{.code = native::ProblemCode::Unauthenticated, .detail = "it has been revoked"});
  }
  identity.claims = std::make_shared<const access::Claims>(std::move(claims));
  return identity;
}

void go_on(Worker& worker, Handle handle, Result<access::Identity, Problem> identity,
           ServeIdentity& serve) {
  Exchange* exchange = worker.find(handle);
  if (exchange == nullptr) return;
  if (identity && worker.draining()) {
    // It would miss the goodbye that the others have been told.
    identity = std::unexpected(
        Problem{.code = native::ProblemCode::Unavailable, .detail = "the server is stopping"});
  }
  if (!identity) return exchange->respond(problem_response(identity.error()));
  serve(worker, *exchange, *std::move(identity));
}

void ask_by_http(Worker& worker, Exchange& exchange, TransportKind transport, ServeIdentity serve) {
  worker.connect_calls()->ask(
      exchange.request(), transport,
      [&worker, handle = exchange.handle(), asked = worker.reactor().wall_clock(),
       serve = std::move(serve)](Result<access::Identity, Problem> answer) mutable {
        // After what sockets bring in this tick: a stream that is taken over then has nothing on
        // its way to the handler before.
        worker.reactor().defer([&worker, handle, asked, answer = std::move(answer),
                                serve = std::move(serve)]() mutable {
          if (answer) answer = if_not_revoked(worker, *std::move(answer), asked);
          go_on(worker, handle, std::move(answer), serve);
        });
      });
}

}  // namespace

void with_identity(Worker& worker, Exchange& exchange, TransportKind transport,
                   ServeIdentity serve) {
  auto identity = identity_of(worker, exchange.request());
  if (!identity) return exchange.respond(problem_response(identity.error()));
  if (identity->claims || identity->api_key) return serve(worker, exchange, *std::move(identity));
  const Handle handle = exchange.handle();
  if (worker.hooks().verify_token) {
    if (const auto token = token_of(exchange.request())) {
      return verify_by_application(worker, *token,
                                   [&worker, handle, serve = std::move(serve)](
                                       Result<access::Identity, Problem> answer) mutable {
                                     go_on(worker, handle, std::move(answer), serve);
                                   });
    }
  }
  if (worker.connect_calls() == nullptr) return serve(worker, exchange, *std::move(identity));
  ask_by_http(worker, exchange, transport, std::move(serve));
}

void with_caller(Worker& worker, Exchange& exchange, TransportKind transport, ServeCaller serve) {
  with_identity(
      worker, exchange, transport,
      [serve = std::move(serve)](Worker& at, Exchange& asked, access::Identity identity) mutable {
        auto caller = caller_of(at, asked.request(), std::move(identity));
        if (!caller) return asked.respond(problem_response(caller.error()));
        serve(at, asked, *std::move(caller));
      });
}

}  // namespace carillon::transport
