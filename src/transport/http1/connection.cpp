#include "transport/http1/connection.hpp"

#include <utility>
#include <variant>

#include "core/check.hpp"
#include "net/reactor.hpp"
#include "transport/common/after_flush.hpp"
#include "transport/common/problem.hpp"

namespace carillon::transport {
namespace {

using native::ProblemCode;
using Phase = http1::RequestParser::Phase;

/// Octets of further requests kept while an answer is under way; then reading pauses.
constexpr std::size_t kUnreadBytes = 64 * 1024;

/// Once the server stops: how long a request that is on its way may take to begin.
constexpr Duration kLastCallTime = std::chrono::milliseconds(250);

}  // namespace

Http1Connection::Http1Connection(Worker& worker, net::Stream& stream)
    : worker_(worker),
      stream_(stream),
      drainable_(worker.drainables().insert(this)),
      open_(worker.probe(), TransportKind::Http) {
  timed_phase_ = Phase::Idle;
  const Duration time = worker.draining() ? kLastCallTime : worker.settings().http.header_time;
  stream_.set_deadline(worker.reactor().now() + time);
}

Http1Connection::~Http1Connection() {
  worker_.drainables().erase(drainable_);
  if (answering()) {
    worker_.exchanges().erase(handle_);
    ++worker_.probe().aborted_exchanges;
  }
}

// --- Bytes in ---------------------------------------------------------------------------------

void Http1Connection::on_bytes(std::span<char> received) {
  const Bytes input(received.data(), received.size());
  if (unread_.empty() && may_parse()) return consume(input);
  keep_unread(input);
  resume();
}

void Http1Connection::consume(Bytes input) {
  consuming_ = true;
  while (may_parse() && (incoming_ || !input.empty())) {
    if (!incoming_) incoming_ = std::make_unique<Incoming>(worker_.settings().http.limits);
    auto event = incoming_->parser.poll(input);
    if (!event) {
      on_parse_error(event.error());
      break;
    }
    if (!*event) break;
    on_event(**event);
  }
  consuming_ = false;
  if (taken_over_) {
    std::string rest(input);
    // The new handler may have ended the stream as it began.
    if (!rest.empty() && stream_.open()) stream_.handler().on_bytes(rest);
    return;
  }
  if (ending_) return;
  keep_unread(input);
  if (answering()) return;
  if (!unread_.empty())
    resume_soon();
  else if (input_ended_)
    return hang_up();
  watch_phase();
}

Phase Http1Connection::phase() const {
  return incoming_ ? incoming_->parser.phase() : Phase::Idle;
}

bool Http1Connection::outbox_is_full() const {
  return stream_.outbox_bytes() > worker_.settings().http.pipeline_outbox_bytes;
}

bool Http1Connection::may_parse() const {
  return stream_.open() && !ending_ && !taken_over_ && !answering() && !outbox_is_full();
}

void Http1Connection::keep_unread(Bytes input) {
  unread_.append(input);
  if (unread_.size() > kUnreadBytes) stream_.pause_reading();
}

void Http1Connection::resume() {
  if (consuming_ || taken_over_ || ending_ || answering()) return;
  if (outbox_is_full()) return resume_soon();
  const std::string input = std::exchange(unread_, {});
  stream_.resume_reading();
  consume(input);
}

/// The outbox is too full for another answer. Only a congested stream will tell when that is over,
/// and whether it is one shows in the flush: look again after it.
void Http1Connection::resume_soon() {
  if (resuming_) return;
  resuming_ = true;
  after_flush(worker_.reactor(), [&worker = worker_, self = drainable_] {
    Drainable** found = worker.drainables().find(self);
    if (found == nullptr) return;
    auto* connection = static_cast<Http1Connection*>(*found);
    connection->resuming_ = false;
    if (!connection->stream_.congested()) connection->resume();
  });
}

// --- Requests ---------------------------------------------------------------------------------

void Http1Connection::on_event(const http1::Event& event) {
  if (const auto* piece = std::get_if<http1::BodyPiece>(&event)) {
    incoming_->request.body.append(piece->bytes);
  } else if (std::holds_alternative<http1::HeadComplete>(event)) {
    on_head();
  } else {
    on_request_complete();
  }
}

void Http1Connection::on_head() {
  ++worker_.probe().requests;
  http1::RequestHead& head = incoming_->head;
  head = incoming_->parser.take_head();
  const bool persists = head.keep_alive() && !worker_.draining();
  writer_ = ResponseWriter(
      {.version = head.version(),
       .is_head_request = head.method() == "HEAD",
       .persistence = persists ? http1::Persistence::KeepAlive : http1::Persistence::Close});
  if (auto refusal = refusal_of_head()) return refuse(std::move(*refusal));
  incoming_->parser.limit_body(incoming_->intake.route->body_limit_bytes);
  if (head.expectation() == http1::Expectation::Continue) {
    stream_.send(Bytes("HTTP/1.1 100 Continue\r\n\r\n"));
  }
}

std::optional<Response> Http1Connection::refusal_of_head() {
  const http1::RequestHead& head = incoming_->head;
  Request& request = incoming_->request;
  request.method = head.method();
  request.target = head.target();
  request.fields = &head.fields();
  request.authority = head.authority();
  request.is_http_1_1_or_later = head.version() != http1::Version::Http10;
  request.peer = stream_.peer();
  request.scheme = stream_.secured() ? access::Scheme::Https : access::Scheme::Http;
  HeadFacts facts{.path = head.path(),
                  .query = head.query(),
                  .expectation = head.expectation(),
                  .body_bytes = {}};
  const http1::Framing framing = head.framing();
  if (framing.kind == http1::Framing::Kind::ContentLength) facts.body_bytes = framing.length_bytes;
  return take_in(worker_, facts, request, incoming_->intake);
}

void Http1Connection::on_request_complete() {
  if (refused_) return complete(writer_.finish(stream_));
  stream_.set_deadline(std::nullopt);
  timed_phase_.reset();
  handle_ = worker_.exchanges().insert(this);
  incoming_->intake.route->handler(worker_, *this);
  if (worker_.draining() && responder_) drain(worker_.reconnect_after());
}

void Http1Connection::on_parse_error(http1::ParseError error) {
  ++worker_.probe().parse_errors;
  refuse(parse_error_response(error));
}

void Http1Connection::refuse(Response response) {
  const http1::Framing framing = incoming_->head.framing();
  const bool body_follows =
      phase() == Phase::Failed ||
      (framing != http1::Framing::none() && framing != http1::Framing::content_length(0));
  if (body_follows) writer_.close_afterwards();
  worker_.probe().responded(response.head.status);
  writer_.whole(stream_, std::move(response), incoming_->intake.response_fields);
  if (body_follows) {
    forget_request();
    return hang_up();
  }
  // The parser still owes the end of this empty message.
  refused_ = true;
}

// --- Answers ----------------------------------------------------------------------------------

void Http1Connection::respond(Response response) {
  worker_.probe().responded(response.head.status);
  if (worker_.draining() || response.is_last) writer_.close_afterwards();
  writer_.whole(stream_, std::move(response), incoming_->intake.response_fields);
  complete(writer_.finish(stream_));
}

void Http1Connection::start(ResponseHead head, StreamEnd end) {
  worker_.probe().responded(head.status);
  writer_.start(stream_, std::move(head), end, incoming_->intake.response_fields);
  forget_request();
}

void Http1Connection::write(SharedBytes piece) {
  writer_.piece(stream_, std::move(piece));
}

void Http1Connection::finish() {
  complete(writer_.finish(stream_));
}

void Http1Connection::abort() {
  ++worker_.probe().aborted_exchanges;
  stream_.abort();
}

void Http1Connection::attach(std::unique_ptr<Responder> responder) {
  responder_ = std::move(responder);
}

void Http1Connection::set_deadline(std::optional<TimePoint> deadline) {
  stream_.set_deadline(deadline);
}

net::ByteStream& Http1Connection::take_over(ResponseHead head,
                                            std::unique_ptr<net::StreamHandler> handler) {
  worker_.probe().responded(head.status);
  writer_.switch_protocols(stream_, std::move(head), incoming_->intake.response_fields);
  worker_.exchanges().erase(std::exchange(handle_, {}));
  worker_.drainables().erase(drainable_);
  taken_over_ = true;
  stream_.set_deadline(std::nullopt);
  stream_.replace_handler(std::move(handler));
  if (!consuming_) pass_on_unread();
  return stream_;
}

std::optional<Handover> Http1Connection::hand_over(ResponseHead head) {
  CARILLON_CHECK(!consuming_);
  auto stream = stream_.detach();
  if (!stream) return std::nullopt;
  worker_.probe().responded(head.status);
  worker_.exchanges().erase(std::exchange(handle_, {}));
  taken_over_ = true;
  const Timestamp now = worker_.reactor().wall_clock();
  return Handover{
      .stream = *std::move(stream),
      .answer = writer_.switching_text(std::move(head), now, incoming_->intake.response_fields),
      .received = std::exchange(unread_, {})};
}

/// The request was answered later than it was read: what has come since is the new handler's, once
/// it has begun.
void Http1Connection::pass_on_unread() {
  if (unread_.empty() && !input_ended_) return;
  stream_.pause_reading();
  worker_.reactor().defer([&reactor = worker_.reactor(), taken = stream_.handle(),
                           unread = std::exchange(unread_, {}), ended = input_ended_]() mutable {
    net::Stream* stream = reactor.find(taken);
    if (stream == nullptr) return;
    stream->resume_reading();
    if (!unread.empty()) stream->handler().on_bytes(unread);
    stream = reactor.find(taken);
    if (ended && stream != nullptr) stream->handler().on_end_of_input();
  });
}

void Http1Connection::forget_request() {
  if (incoming_) worker_.reactor().defer([done = std::move(incoming_)] {});
}

void Http1Connection::complete(bool persist) {
  timed_phase_.reset();
  worker_.exchanges().erase(std::exchange(handle_, {}));
  writer_ = ResponseWriter();
  refused_ = false;
  worker_.reactor().defer([request = std::move(incoming_), responder = std::move(responder_)] {});
  if (!persist || worker_.draining()) return hang_up();
  if (consuming_) return;
  if (input_ended_ && unread_.empty()) return hang_up();
  watch_phase();
  // Soon, not now: whoever gives an answer must not find itself in the next request's handler.
  if (!unread_.empty()) resume_soon();
}

// --- Ends -------------------------------------------------------------------------------------

void Http1Connection::on_end_of_input() {
  input_ended_ = true;
  if (answering() && (!responder_ || responder_->on_end_of_input())) return;
  // A reader of a stream that has shut its side down is as good as gone; half a request will
  // never be whole.
  if (answering() || unread_.empty()) hang_up();
}

void Http1Connection::on_drained() {
  if (responder_)
    responder_->on_drained();
  else if (!unread_.empty())
    resume();
}

void Http1Connection::on_deadline() {
  if (answering()) {
    if (responder_) responder_->on_deadline();
    return;
  }
  if (!unread_.empty()) {
    // It waits for answers to be read, and the write limit watches over that.
    timed_phase_.reset();
    return watch_phase();
  }
  ++worker_.probe().timeouts;
  if (phase() == Phase::Idle) return hang_up();
  writer_.close_afterwards();
  worker_.probe().responded(408);
  writer_.whole(stream_,
                problem_response(ProblemCode::BadRequest, "the request took too long", 408), {});
  hang_up();
}

void Http1Connection::on_closed(net::CloseCause /*cause*/) {
  ending_ = true;
}

void Http1Connection::drain(Duration reconnect_after) {
  if (responder_) {
    responder_->on_shutdown(reconnect_after);
  } else if (!answering() && phase() == Phase::Idle) {
    stream_.set_deadline(worker_.reactor().now() + kLastCallTime);
  }
}

/// Starts the clock of the phase that the parser has entered; one that goes on keeps its own, so
/// that a trickle of octets buys no time.
void Http1Connection::watch_phase() {
  if (answering()) return;
  const Phase entered = phase();
  if (timed_phase_ == entered) return;
  timed_phase_ = entered;
  const HttpSettings& http = worker_.settings().http;
  const Duration time = entered == Phase::Idle   ? http.idle_time
                        : entered == Phase::Head ? http.header_time
                                                 : http.body_time;
  stream_.set_deadline(worker_.reactor().now() + time);
}

void Http1Connection::hang_up() {
  ending_ = true;
  stream_.close();
}

}  // namespace carillon::transport
