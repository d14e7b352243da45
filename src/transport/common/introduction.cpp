#include "transport/common/introduction.hpp"

#include <utility>

#include "net/reactor.hpp"
#include "transport/common/connect_calls.hpp"
#include "transport/common/problem.hpp"

namespace carillon::transport {
namespace {

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

}  // namespace

void with_identity(Worker& worker, Exchange& exchange, TransportKind transport,
                   ServeIdentity serve) {
  auto identity = identity_of(worker, exchange.request());
  if (!identity) return exchange.respond(problem_response(identity.error()));
  ConnectCalls* calls = worker.connect_calls();
  const bool is_known = identity->claims || identity->api_key;
  if (calls == nullptr || is_known) return serve(worker, exchange, *std::move(identity));
  calls->ask(exchange.request(), transport,
             [&worker, handle = exchange.handle(),
              serve = std::move(serve)](Result<access::Identity, Problem> answer) mutable {
               // After what sockets bring in this tick: a stream that is taken over then has
               // nothing on its way to the handler before.
               worker.reactor().defer([&worker, handle, answer = std::move(answer),
                                       serve = std::move(serve)]() mutable {
                 go_on(worker, handle, std::move(answer), serve);
               });
             });
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
