#include "facade/socket_io/admission.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "facade/guard.hpp"
#include "protocol/json/writer.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/response.hpp"
#include "transport/socketio/engine_request.hpp"

namespace carillon::facade {
namespace {

/// How long the application may think about one handshake.
constexpr Duration kDecisionTime = std::chrono::seconds(30);

struct Pending {
  Pending(Core& its_core, std::size_t its_reactor, Handle asked, OpenAdmitted when_admitted)
      : core(its_core), reactor(its_reactor), exchange(asked), open(std::move(when_admitted)) {}

  Core& core;
  const std::size_t reactor;
  const Handle exchange;
  OpenAdmitted open;
  std::atomic_flag is_decided;
};

/// A client that waits to be let in.
class Waiting final : public transport::Responder {
 public:
  explicit Waiting(transport::Exchange& exchange) : exchange_(exchange) {}

  void on_drained() override {}
  void on_deadline() override { give_up("nobody has decided about this handshake"); }
  void on_shutdown(Duration /*reconnect_after*/) override { give_up("the server is stopping"); }

 private:
  void give_up(const char* detail) {
    exchange_.respond(
        transport::problem_response({.code = native::ProblemCode::Unavailable, .detail = detail}));
  }

  transport::Exchange& exchange_;
};

/// In the form of Engine.IO's own refusals; a WebSocket is refused in plain words.
void refuse(transport::Exchange& exchange, const std::string& message) {
  if (transport::asks_for_websocket(exchange.request())) {
    transport::Response response = transport::make_response(403, "text/html", message);
    response.is_last = true;
    return exchange.respond(std::move(response));
  }
  std::string json;
  json::ObjectWriter(json).integer("code", 4).text("message", message).finish();
  exchange.respond(transport::make_response(403, "application/json", json));
}

void decide(const std::shared_ptr<Pending>& pending, const std::optional<std::string>& refusal) {
  pending->core.end_at(pending->reactor, [pending, refusal](Local& local) {
    // After what sockets bring in this tick, and after the handler that asks.
    local.reactor().defer([pending, refusal, &local] {
      transport::Exchange* const exchange = local.worker().find(pending->exchange);
      if (exchange == nullptr) return;
      if (refusal) return refuse(*exchange, *refusal);
      pending->open(local.worker(), *exchange);
    });
  });
}

}  // namespace

void ask_admission(Core& core, Local& local, transport::Exchange& exchange,
                   const socket_io::Options& options, OpenAdmitted open) {
  const auto pending =
      std::make_shared<Pending>(core, local.index(), exchange.handle(), std::move(open));
  exchange.attach(std::make_unique<Waiting>(exchange));
  exchange.set_deadline(local.reactor().now() + kDecisionTime);
  const socket_io::Admission admission([pending](const std::optional<std::string>& refusal) {
    if (!pending->is_decided.test_and_set()) decide(pending, refusal);
  });
  const Request request(exchange.request());
  if (!guarded("allow_request", [&] { options.allow_request(request, admission); })) {
    admission.refuse();
  }
}

}  // namespace carillon::facade
