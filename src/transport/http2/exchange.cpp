#include "transport/http2/exchange.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/check.hpp"
#include "net/reactor.hpp"
#include "net/stream.hpp"
#include "protocol/http1/authority.hpp"
#include "protocol/http1/characters.hpp"
#include "protocol/http1/framing.hpp"
#include "protocol/http1/target.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/response_date.hpp"
#include "transport/http2/connection.hpp"
#include "transport/http2/response_fields.hpp"

namespace carillon::transport {

using native::ProblemCode;

Http2Exchange::Http2Exchange(Http2Connection& connection, http2::StreamId id)
    : connection_(connection), id_(id) {
  ++connection_.worker().probe().http2_streams;
}

Http2Exchange::~Http2Exchange() {
  Worker& worker = connection_.worker();
  --worker.probe().http2_streams;
  connection_.release(held_bytes_);
  if (!handle_) return;
  worker.exchanges().erase(handle_);
  ++worker.probe().aborted_exchanges;
}

// --- The request --------------------------------------------------------------------------------

/// Cookies may come one by one, and are one field to us (RFC 9113 §8.2.3).
void Http2Exchange::add_fields() {
  std::string cookies;
  for (const http2::Field& field : incoming_->head.fields) {
    if (field.name != "cookie") {
      incoming_->fields.add(field.name, field.value);
      continue;
    }
    if (!cookies.empty()) cookies += "; ";
    cookies += field.value;
  }
  if (!cookies.empty()) incoming_->fields.add("cookie", cookies);
}

void Http2Exchange::on_head(http2::RequestHead head) {
  Worker& worker = connection_.worker();
  ++worker.probe().requests;
  incoming_ = std::make_unique<Incoming>();
  incoming_->head = std::move(head);
  is_head_request_ = incoming_->head.method == "HEAD";
  add_fields();
  if (!read_authority()) {
    ++worker.probe().parse_errors;
    state_ = State::Answered;
    connection_.session().reset(id_, http2::ErrorCode::ProtocolError);
    return connection_.want_turn();
  }
  if (auto refusal = refusal_of_head()) return refuse(std::move(*refusal));
  if (!incoming_->request.connect_protocol.empty()) return run();
  if (http1::expectation_of(incoming_->fields, http1::Framing::chunked()) ==
      http1::Expectation::Continue) {
    connection_.session().respond(id_, 100, {}, http2::AnswerBody::None);
    connection_.want_turn();
  }
  net::Reactor& reactor = worker.reactor();
  reactor.timers().set(*this, reactor.now() + worker.settings().http.body_time);
}

/// RFC 9113 §8.3.1: Host stands in for `:authority`, and must not contradict it. Handlers find it
/// in either case.
bool Http2Exchange::read_authority() {
  http2::RequestHead& head = incoming_->head;
  const auto host = incoming_->fields.find("host");
  if (host && !head.authority.empty() && !http1::equal_ignoring_case(*host, head.authority)) {
    return false;
  }
  if (!host) incoming_->fields.add("host", head.authority);
  if (head.authority.empty()) head.authority = *incoming_->fields.find("host");
  return incoming_->fields.count("host") == 1;
}

std::optional<Response> Http2Exchange::refusal_of_size() const {
  using http1::ParseError;
  const http1::Limits& limits = connection_.worker().settings().http.limits;
  const http2::RequestHead& head = incoming_->head;
  if (head.path.size() > limits.target_bytes) {
    return parse_error_response(ParseError::TargetTooLong);
  }
  if (head.is_too_large || incoming_->fields.size() > limits.field_count) {
    return parse_error_response(ParseError::HeaderTooLarge);
  }
  return std::nullopt;
}

std::optional<Response> Http2Exchange::refusal_of_head() {
  Incoming& in = *incoming_;
  Request& request = in.request;
  const net::Stream& stream = connection_.stream();
  request.fields = &in.fields;
  request.authority = in.head.authority;
  request.is_http_2 = true;
  request.peer = stream.peer();
  request.scheme = stream.secured() ? access::Scheme::Https : access::Scheme::Http;
  if (auto refusal = refusal_of_size()) return refusal;
  request.connect_protocol = in.head.protocol;
  if (!in.head.protocol.empty() && in.head.protocol != "websocket") {
    return problem_response(ProblemCode::NotSupported, "only :protocol websocket is known", 501);
  }
  request.method = in.head.protocol.empty() ? Bytes(in.head.method) : Bytes("GET");
  in.target = in.head.path.empty() ? in.head.authority : in.head.path;
  request.target = in.target;
  if (!http1::split_authority(request.authority)) {
    return parse_error_response(http1::ParseError::InvalidHost);
  }
  const auto parts = http1::split_target(request.method, request.target);
  if (!parts) return parse_error_response(parts.error());
  const auto framing = http1::request_framing(in.fields, http1::Version::Http11);
  if (!framing) return parse_error_response(framing.error());
  HeadFacts facts{.path = parts->path,
                  .query = parts->query,
                  .expectation = http1::expectation_of(in.fields, http1::Framing::chunked()),
                  .body_bytes = {}};
  if (framing->kind == http1::Framing::Kind::ContentLength) {
    facts.body_bytes = framing->length_bytes;
  }
  if (auto refusal = take_in(connection_.worker(), facts, request, in.intake)) return refusal;
  if (request.connect_protocol.empty() || in.intake.route->takes_upgrades) return std::nullopt;
  return problem_response(ProblemCode::BadRequest, "no WebSocket is served at this path", 400);
}

void Http2Exchange::on_body(std::string bytes) {
  if (tunnel_) return tunnel_->on_bytes(bytes);
  if (state_ == State::Answering) {
    early_ += bytes;
    return;
  }
  if (state_ == State::Answered) return;
  std::string& body = incoming_->request.body;
  if (body.size() + bytes.size() > incoming_->intake.route->body_limit_bytes) {
    ++connection_.worker().probe().parse_errors;
    return refuse(parse_error_response(http1::ParseError::BodyTooLarge));
  }
  if (!connection_.hold(bytes.size())) {
    return refuse(problem_response({.code = ProblemCode::Unavailable,
                                    .detail = "too many request bodies at once on a connection"}));
  }
  held_bytes_ += bytes.size();
  body += bytes;
  connection_.session().consume(id_, bytes.size());
  connection_.want_turn();
}

void Http2Exchange::on_request_end() {
  request_ended_ = true;
  if (tunnel_) return tunnel_->on_end_of_input();
  if (state_ == State::Reading) run();
}

void Http2Exchange::run() {
  Worker& worker = connection_.worker();
  worker.reactor().timers().cancel(*this);
  state_ = State::Answering;
  handle_ = worker.exchanges().insert(this);
  incoming_->intake.route->handler(worker, *this);
  if (worker.draining()) on_shutdown(worker.reconnect_after());
}

void Http2Exchange::on_time() {
  if (state_ == State::Reading) {
    ++connection_.worker().probe().timeouts;
    return refuse(problem_response(ProblemCode::BadRequest, "the request took too long", 408));
  }
  if (state_ == State::Answering && responder_) responder_->on_deadline();
}

// --- The answer ---------------------------------------------------------------------------------

void Http2Exchange::refuse(Response response) {
  connection_.worker().reactor().timers().cancel(*this);
  connection_.worker().probe().responded(response.head.status);
  send_whole(std::move(response));
  state_ = State::Answered;
  forget_request();
}

void Http2Exchange::respond(Response response) {
  connection_.worker().probe().responded(response.head.status);
  const bool is_last = response.is_last;
  send_whole(std::move(response));
  complete();
  if (is_last) connection_.go_away();
}

void Http2Exchange::send_whole(Response response) {
  const bool has_body = status_has_body(response.head.status);
  const bool follows = has_body && !is_head_request_ && !response.body.empty();
  const auto length = has_body ? std::optional(response.body.size()) : std::nullopt;
  send_head(response.head, length, follows ? http2::AnswerBody::Follows : http2::AnswerBody::None);
  if (!follows) return;
  connection_.session().send(id_, std::move(response.body));
  connection_.session().finish(id_);
}

void Http2Exchange::send_head(const ResponseHead& head, std::optional<std::size_t> content_length,
                              http2::AnswerBody body) {
  const Bytes date = date_at(connection_.worker().reactor().wall_clock());
  connection_.session().respond(
      id_, head.status,
      response_fields(head, incoming_->intake.response_fields, date, content_length), body);
  connection_.want_turn();
}

void Http2Exchange::start(ResponseHead head, StreamEnd /*end*/) {
  connection_.worker().probe().responded(head.status);
  has_body_ = status_has_body(head.status) && !is_head_request_;
  send_head(head, std::nullopt, has_body_ ? http2::AnswerBody::Follows : http2::AnswerBody::None);
  forget_request();
}

void Http2Exchange::write(SharedBytes piece) {
  if (!has_body_) return;
  connection_.session().send(id_, std::move(piece));
  connection_.want_turn();
}

void Http2Exchange::finish() {
  connection_.session().finish(id_);
  connection_.want_turn();
  complete();
}

void Http2Exchange::abort() {
  if (state_ != State::Answering) return;
  ++connection_.worker().probe().aborted_exchanges;
  connection_.session().reset(id_, http2::ErrorCode::InternalError);
  connection_.want_turn();
  complete();
}

net::ByteStream& Http2Exchange::take_over(ResponseHead head,
                                          std::unique_ptr<net::StreamHandler> handler) {
  CARILLON_CHECK(incoming_ != nullptr && !incoming_->request.connect_protocol.empty());
  Worker& worker = connection_.worker();
  worker.probe().responded(head.status);
  ++worker.probe().http2_websockets;
  send_head(head, std::nullopt, http2::AnswerBody::Tunnel);
  leave_table();
  tunnel_ = std::make_unique<Http2Tunnel>(connection_, id_, std::move(handler));
  tunnel_->keep_unread(std::exchange(early_, {}));
  connection_.catch_up_soon(id_);
  forget_request();
  return *tunnel_;
}

std::size_t Http2Exchange::outbox_bytes() const {
  return connection_.session().outbox_bytes(id_);
}

bool Http2Exchange::congested() const {
  return connection_.session().congested(id_);
}

void Http2Exchange::set_deadline(std::optional<TimePoint> deadline) {
  if (state_ != State::Answering) return;
  net::TimerWheel& timers = connection_.worker().reactor().timers();
  if (deadline) {
    timers.set(*this, *deadline);
  } else {
    timers.cancel(*this);
  }
}

// --- Ends ---------------------------------------------------------------------------------------

void Http2Exchange::on_drained() {
  if (tunnel_) return tunnel_->on_drained();
  if (state_ == State::Answering && responder_) responder_->on_drained();
}

void Http2Exchange::on_shutdown(Duration reconnect_after) {
  if (state_ == State::Answering && responder_) responder_->on_shutdown(reconnect_after);
}

void Http2Exchange::on_closed(net::CloseCause cause) {
  if (tunnel_) tunnel_->on_closed(cause);
}

void Http2Exchange::catch_up() {
  if (!tunnel_) return;
  if (request_ended_) return tunnel_->on_end_of_input();
  tunnel_->catch_up();
}

bool Http2Exchange::stands_still() {
  const std::uint64_t before = std::exchange(sent_before_, connection_.session().sent_bytes(id_));
  return connection_.session().congested(id_) && before == sent_before_;
}

void Http2Exchange::leave_table() {
  connection_.worker().exchanges().erase(std::exchange(handle_, {}));
  connection_.worker().reactor().timers().cancel(*this);
}

/// Its owner may be the one who calls: it goes once this call stack has ended.
void Http2Exchange::complete() {
  leave_table();
  state_ = State::Answered;
  forget_request();
  if (responder_) {
    connection_.worker().reactor().defer([done = std::move(responder_)] {});
  }
}

void Http2Exchange::forget_request() {
  connection_.release(std::exchange(held_bytes_, 0));
  if (incoming_) connection_.worker().reactor().defer([done = std::move(incoming_)] {});
}

}  // namespace carillon::transport
