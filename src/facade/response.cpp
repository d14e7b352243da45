#include "facade/response.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include "facade/guard.hpp"
#include "facade/header.hpp"
#include "transport/common/after_flush.hpp"
#include "transport/common/problem.hpp"

namespace carillon::facade {

ApplicationResponse::ApplicationResponse(Local& local, transport::Exchange& exchange,
                                         const RouteOptions& options)
    : local_(local), exchange_(exchange), options_(options) {
  handle_ = local_.table<Response>().insert(this);
}

ApplicationResponse::~ApplicationResponse() {
  local_.table<Response>().erase(handle_);
  if (std::exchange(open_, false) && close_handler_) guarded("Response::on_close", close_handler_);
}

void ApplicationResponse::serve(const RequestHandler& handler) {
  const Request request(exchange_.request());
  if (!guarded("a route's handler", [&] { handler(request, *this); })) fail();
  if (!open_ || begun_) return;
  exchange_.set_deadline(local_.reactor().now() + options_.answer_time);
}

Response& ApplicationResponse::set_status(int status) {
  if (status < 200 || status > 599) {
    throw std::invalid_argument("an answer has a status from 200 to 599, not " +
                                std::to_string(status));
  }
  require_not_begun("set_status");
  head_.status = status;
  return *this;
}

Response& ApplicationResponse::set_header(std::string_view name, std::string_view value) {
  require_not_begun("set_header");
  add_header(head_.fields, name, value);
  return *this;
}

void ApplicationResponse::send(std::string_view body) {
  if (!open_) return;
  require_not_begun("send");
  if (!body.empty() && !head_.fields.has("content-type")) {
    head_.fields.add("Content-Type", "text/plain; charset=utf-8");
  }
  open_ = false;
  exchange_.respond({.head = std::move(head_), .body = SharedBytes(body)});
}

bool ApplicationResponse::write(std::string_view piece) {
  if (!open_) return false;
  if (!begun_) {
    begun_ = true;
    const bool has_body =
        exchange_.request().method != "HEAD" && head_.status != 204 && head_.status != 304;
    exchange_.set_deadline(std::nullopt);
    exchange_.start(std::move(head_), transport::StreamEnd::Framed);
    if (!has_body) finish();  // nothing would ever tell the application to stop
    if (!open_) return false;
  }
  if (exchange_.outbox_bytes() > options_.max_buffered_bytes) {
    ++local_.worker().probe().refused_sends;
    watch_drain();
    return false;
  }
  exchange_.write(SharedBytes(piece));
  return true;
}

void ApplicationResponse::finish() {
  if (!open_) return;
  if (!begun_) return send({});
  open_ = false;
  exchange_.finish();
}

void ApplicationResponse::abort() {
  if (!std::exchange(open_, false)) return;
  exchange_.abort();
}

std::size_t ApplicationResponse::buffered_bytes() const {
  if (!open_) return 0;
  const std::size_t bytes = exchange_.outbox_bytes();
  if (bytes > 0) watch_drain();
  return bytes;
}

void ApplicationResponse::on_drain(std::function<void(Response&)> handler) {
  drain_handler_ = std::move(handler);
  if (open_ && exchange_.outbox_bytes() > 0) watch_drain();
}

void ApplicationResponse::on_close(std::function<void()> handler) {
  close_handler_ = std::move(handler);
}

void ApplicationResponse::on_shutdown(std::function<void(Response&)> handler) {
  shutdown_handler_ = std::move(handler);
}

/// Its answer is awaited, whether or not the application wants to know.
void ApplicationResponse::on_shutdown(Duration /*reconnect_after*/) {
  if (!open_ || !shutdown_handler_) return;
  const auto handler = std::exchange(shutdown_handler_, {});
  if (!guarded("Response::on_shutdown", [&] { handler(*this); })) fail();
}

void ApplicationResponse::on_drained() {
  if (!open_ || !drain_handler_) return;
  // A copy: the handler may set another.
  const auto handler = drain_handler_;
  if (!guarded("Response::on_drain", [&] { handler(*this); })) fail();
}

void ApplicationResponse::on_deadline() {
  if (!open_ || begun_) return;
  log::warn("{} was not answered within {} s", exchange_.request().path,
            options_.answer_time.count());
  ++local_.worker().probe().timeouts;
  open_ = false;
  exchange_.respond(transport::problem_response(
      {.code = native::ProblemCode::Unavailable, .detail = "the application took too long"}));
}

void ApplicationResponse::require_not_begun(const char* call) const {
  if (begun_) throw std::logic_error(std::string(call) + ": the answer has begun");
}

void ApplicationResponse::fail() {
  if (!open_) return;
  if (begun_) return abort();
  open_ = false;
  exchange_.respond(failure_response());
}

/// Whoever was refused, or saw that something waits, is told when it does not any more. Only a
/// congested stream tells by itself, and whether it is one shows in the flush.
void ApplicationResponse::watch_drain() const {
  if (std::exchange(watching_, true)) return;
  transport::after_flush(local_.reactor(), [&local = local_, id = id()] {
    if (Response* found = local.find(id)) static_cast<ApplicationResponse*>(found)->on_flush();
  });
}

void ApplicationResponse::on_flush() {
  watching_ = false;
  if (!open_ || exchange_.congested()) return;
  if (exchange_.outbox_bytes() > 0) return watch_drain();
  on_drained();
}

void serve_application(Local& local, transport::Exchange& exchange, const RequestHandler& handler,
                       const RouteOptions& options) {
  auto responder = std::make_unique<ApplicationResponse>(local, exchange, options);
  ApplicationResponse& response = *responder;
  exchange.attach(std::move(responder));
  response.serve(handler);
}

transport::Response failure_response() {
  return transport::problem_response(
      {.code = native::ProblemCode::Internal, .detail = "the application failed"});
}

}  // namespace carillon::facade
