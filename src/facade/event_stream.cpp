#include "facade/event_stream.hpp"

#include <stdexcept>
#include <utility>

#include "core/check.hpp"
#include "facade/guard.hpp"
#include "facade/opening.hpp"
#include "facade/response.hpp"
#include "facade/wire_form.hpp"
#include "protocol/sse/encode.hpp"
#include "transport/common/after_flush.hpp"

namespace carillon::facade {
namespace {

transport::ResponseHead stream_head(const ApplicationOpening& opening) {
  transport::ResponseHead head{.status = 200, .fields = {}};
  opening.add_fields(head);
  add_default(head, "Content-Type", "text/event-stream; charset=utf-8");
  add_default(head, "Cache-Control", "no-store, no-transform");
  add_default(head, "X-Accel-Buffering", "no");
  return head;
}

std::string event_text(const Event& event) {
  std::string text;
  if (event.retry) sse::append_retry(text, *event.retry);
  if (event.id && !sse::append_id(text, *event.id)) {
    throw std::invalid_argument("Event::id has a NUL, CR or LF in it");
  }
  if (event.data.empty() && event.event.empty()) return text.append("\n");
  if (!sse::append_body(text, event.event, event.data)) {
    throw std::invalid_argument("Event::event has a CR or LF in it");
  }
  return text;
}

}  // namespace

ApplicationEventStream::ApplicationEventStream(Local& local, const EventStreamRoute& route,
                                               transport::Exchange& exchange, std::any state)
    : local_(local),
      route_(route),
      exchange_(exchange),
      feed_(local, *this),
      state_(std::move(state)),
      open_count_(local.worker().probe(), transport::TransportKind::Sse) {
  slot_ = local_.table<EventStream>().insert(this);
}

ApplicationEventStream::~ApplicationEventStream() {
  feed_.leave();
  open_ = false;
  if (opened_ && route_.options.on_close) {
    guarded("on_close", [this] { route_.options.on_close(*this); });
  }
  local_.table<EventStream>().erase(slot_);
}

void ApplicationEventStream::open(const Request& request) {
  opened_ = true;
  watch_heartbeat();
  if (route_.options.on_open) {
    call("on_open", [&] { route_.options.on_open(*this, request); });
  }
}

// --- What the application does ----------------------------------------------------------------

bool ApplicationEventStream::send(const Event& event) {
  if (!open_) return false;
  return write(event_text(event));
}

bool ApplicationEventStream::comment(std::string_view text) {
  std::string line;
  sse::append_comment(line, text);
  return open_ && write(line);
}

bool ApplicationEventStream::write(std::string_view text) {
  if (is_full()) {
    ++local_.worker().probe().refused_sends;
    watch_drain();
    return false;
  }
  exchange_.write(SharedBytes(text));
  watch_heartbeat();
  return true;
}

std::size_t ApplicationEventStream::buffered_bytes() const {
  if (!open_) return 0;
  const std::size_t bytes = exchange_.outbox_bytes();
  if (bytes > 0) watch_drain();
  return bytes;
}

void ApplicationEventStream::close() {
  if (!std::exchange(open_, false)) return;
  feed_.leave();
  exchange_.finish();
}

/// A position that cannot be read becomes one of no epoch, which is told as a gap: an EventSource
/// gives up for good on any error.
bool ApplicationEventStream::subscribe(std::string_view channel, std::string_view after) {
  if (!open_) return false;
  if (after.empty()) return feed_.subscribe(channel, hub::Live{}, answer());
  return feed_.subscribe(channel, hub::After{parse_position(after).value_or(Position{})}, answer());
}

// --- What it hears ----------------------------------------------------------------------------

void ApplicationEventStream::on_drained() {
  if (!open_) return;
  feed_.on_drained();
  if (open_) catch_up();
  if (!open_ || !route_.options.on_drain) return;
  call("on_drain", [this] { route_.options.on_drain(*this); });
}

void ApplicationEventStream::on_deadline() {
  if (!open_) return;
  static const SharedBytes kHeartbeat(":\n\n");
  exchange_.write(kHeartbeat);
  watch_heartbeat();
}

void ApplicationEventStream::on_shutdown(Duration reconnect_after) {
  if (!open_) return;
  std::string retry;
  sse::append_retry(retry, std::chrono::duration_cast<std::chrono::milliseconds>(reconnect_after));
  exchange_.write(SharedBytes(retry));
  close();
}

void ApplicationEventStream::on_delivery(const hub::Delivery& delivery) {
  if (!open_) return;
  delivery.for_each_piece([this](const SharedBytes& piece) { exchange_.write(piece); });
  watch_heartbeat();
  if (!is_full()) return;
  ++local_.worker().probe().slow_readers;
  close();
}

void ApplicationEventStream::on_gap(hub::SubscriptionId /*subscription*/,
                                    const Position& position) {
  if (open_) send_gap(position);
}

ChannelFeed::Answer ApplicationEventStream::answer() {
  return [this](const std::string& channel, Result<hub::Subscribed, hub::BrokerError> answer) {
    on_answer(channel, std::move(answer));
  };
}

void ApplicationEventStream::on_answer(const std::string& channel,
                                       Result<hub::Subscribed, hub::BrokerError> answer) {
  if (!answer) return close();
  if (!answer->recovered()) send_gap(answer->begin);
  std::string missed;
  for (const hub::PublicationPtr& publication : answer->missed) {
    encode_data_event(*publication, missed);
  }
  exchange_.write(SharedBytes(missed));
  watch_heartbeat();
  if (answer->joined) return;
  behind_.emplace_back(channel, answer->missed_until);
  watch_drain();
}

/// Asks for the next slice of what was missed, once the reader has taken the one before.
void ApplicationEventStream::catch_up() {
  for (const auto& [channel, position] : std::exchange(behind_, {})) {
    feed_.go_on(channel, hub::After{position}, answer());
    if (!open_) return;
  }
}

void ApplicationEventStream::send_gap(const Position& position) {
  std::string text;
  CARILLON_CHECK(sse::append_id(text, to_text(position)));
  CARILLON_CHECK(sse::append_body(text, "gap", to_text(position)));
  exchange_.write(SharedBytes(text));
}

template <class Call>
void ApplicationEventStream::call(const char* handler, Call invoke) {
  if (!guarded(handler, invoke)) close();
}

bool ApplicationEventStream::is_full() const {
  return exchange_.outbox_bytes() > route_.options.max_buffered_bytes;
}

void ApplicationEventStream::watch_heartbeat() {
  exchange_.set_deadline(local_.reactor().now() + route_.options.heartbeat);
}

/// As ApplicationWebSocket::watch_drain.
void ApplicationEventStream::watch_drain() const {
  if (std::exchange(watching_, true)) return;
  transport::after_flush(local_.reactor(), [&local = local_, id = id()] {
    if (EventStream* found = local.find(id)) {
      static_cast<ApplicationEventStream*>(found)->on_flush();
    }
  });
}

void ApplicationEventStream::on_flush() {
  watching_ = false;
  if (!open_ || exchange_.congested()) return;
  if (exchange_.outbox_bytes() > 0) return watch_drain();
  on_drained();
}

// --- The route --------------------------------------------------------------------------------

void serve_event_stream(Local& local, transport::Exchange& exchange,
                        const EventStreamRoute& route) {
  const Request request(exchange.request());
  ApplicationOpening opening({});
  const auto& on_request = route.options.on_request;
  if (on_request && !guarded("on_request", [&] { on_request(request, opening); })) {
    return exchange.respond(failure_response());
  }
  if (auto refusal = opening.refusal()) return exchange.respond(std::move(*refusal));
  transport::ResponseHead head = stream_head(opening);
  if (request.method() == "HEAD") {
    exchange.start(std::move(head), transport::StreamEnd::Connection);
    return exchange.finish();
  }
  auto responder =
      std::make_unique<ApplicationEventStream>(local, route, exchange, std::move(opening.state()));
  ApplicationEventStream& stream = *responder;
  exchange.attach(std::move(responder));
  exchange.start(std::move(head), transport::StreamEnd::Connection);
  stream.open(request);
}

}  // namespace carillon::facade
