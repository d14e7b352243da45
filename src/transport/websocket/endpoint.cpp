#include "transport/websocket/endpoint.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "net/reactor.hpp"
#include "protocol/native/encode.hpp"
#include "protocol/websocket/frame.hpp"
#include "transport/common/commands.hpp"
#include "transport/common/operations.hpp"

namespace carillon::transport {
namespace {

using native::ProblemCode;

websocket::CloseCode close_code(ProblemCode code) {
  return static_cast<websocket::CloseCode>(native::problem_info(code).close_code);
}

}  // namespace

WebSocketEndpoint::WebSocketEndpoint(Worker& worker, Caller caller, std::unique_ptr<Seat> seat,
                                     const websocket::Accept& accept)
    : WebSocketConnection(worker, worker.settings().websocket, accept.deflate),
      ChannelClient(worker, std::move(caller), std::move(seat)),
      encoding_(accept.subprotocol == kCborSubprotocol ? native::Encoding::Cbor
                                                       : native::Encoding::Json) {}

void WebSocketEndpoint::open(net::ByteStream& stream) {
  begin(stream);
  // Fresh, and at home here.
  static_cast<void>(worker().sessions().claim(caller().client, holder()));
  std::string out;
  native::append_welcome(out, make_welcome(worker(), caller()).view(worker()), encoding_);
  send_news(out);
  watch_expiry();
  join();
  if (worker().draining()) drain(worker().reconnect_after());
}

// --- What the peer sends ----------------------------------------------------------------------

void WebSocketEndpoint::on_message(const websocket::Message& message) {
  const bool is_json = encoding_ == native::Encoding::Json;
  if (message.opcode != opcode_of(encoding_)) {
    ++worker().probe().protocol_errors;
    return send_close(websocket::CloseCode::UnsupportedData,
                      is_json ? "this subprotocol has text messages only"
                              : "this subprotocol has binary messages only");
  }
  auto command = is_json ? native::parse_command(message.payload)
                         : native::parse_cbor_command(message.payload);
  if (auto admitted = admit(message.payload.size()); !admitted) {
    return fail(command ? command->id : command.error().id, admitted.error());
  }
  if (command) return run(std::move(*command));
  ++worker().probe().commands;
  ++worker().probe().command_errors;
  send_reply(error_reply(command.error()));
}

// --- Commands ---------------------------------------------------------------------------------

void WebSocketEndpoint::run(native::ParsedCommand command) {
  if (auto* what = std::get_if<native::Connect>(&command.command)) {
    return connect(std::move(command.id), std::move(*what));
  }
  if (const auto* what = std::get_if<native::Subscribe>(&command.command)) {
    return subscribe(std::move(command.id), *what);
  }
  if (const auto* what = std::get_if<native::Unsubscribe>(&command.command)) {
    return unsubscribe(command.id, *what);
  }
  if (auto* what = std::get_if<native::Publish>(&command.command)) {
    if (!fill_channel(command.id, what->channel)) return;
  } else if (auto* ephemeral = std::get_if<native::Ephemeral>(&command.command)) {
    if (!fill_channel(command.id, ephemeral->channel)) return;
  }
  run_later(std::move(command));
}

void WebSocketEndpoint::run_later(native::ParsedCommand command) {
  const std::uint32_t weight = weight_of(command.command);
  const Compress compress = compression_of_reply(command.command);
  begin_command(weight);
  run_command(worker(), caller(), std::move(command), ReplyWhen::Asked,
              [&worker = worker(), handle = handle(), weight, compress](std::string reply) {
                if (Drainable** found = worker.drainables().find(handle)) {
                  static_cast<WebSocketEndpoint*>(*found)->on_reply(reply, weight, compress);
                }
              });
}

/// A page holds what the namespace may not want compressed.
WebSocketEndpoint::Compress WebSocketEndpoint::compression_of_reply(
    const native::Command& command) const {
  const auto* page = std::get_if<native::History>(&command);
  const bool allowed =
      page == nullptr || worker().settings().websocket.compression.allows(page->channel);
  return allowed ? Compress::IfSmaller : Compress::No;
}

void WebSocketEndpoint::on_reply(Bytes reply, std::uint32_t weight, Compress compress) {
  end_command(weight);
  if (!reply.empty()) send_reply(reply, compress);
  cut_if_over();
}

/// Nothing that comes behind it is begun before it is done.
void WebSocketEndpoint::connect(std::string id, native::Connect command) {
  ++worker().probe().commands;
  begin_command(kRunningCommands);
  auto named = [&worker = worker(), handle = handle(), id = std::move(id), command](auto who) {
    Drainable** found = worker.drainables().find(handle);
    if (found == nullptr) return;
    auto& endpoint = static_cast<WebSocketEndpoint&>(**found);
    endpoint.end_command(kRunningCommands);
    if (endpoint.is_open()) endpoint.on_named(id, command, std::move(who));
  };
  name(worker(), command, std::move(named));
}

void WebSocketEndpoint::on_named(const std::string& id, const native::Connect& command,
                                 Result<std::optional<access::Identity>, Problem> named) {
  if (auto done = introduce(command, std::move(named)); !done) return fail(id, done.error());
  watch_expiry();
  if (!id.empty()) {
    std::string out;
    native::append_ok(out, id, make_welcome(worker(), caller()).view(worker()), encoding_);
    send_reply(out);
  }
  join();
}

Result<void, Problem> WebSocketEndpoint::introduce(
    const native::Connect& command, Result<std::optional<access::Identity>, Problem> named) {
  auto identity = TRY(std::move(named));
  Caller next = caller();
  TRY(transport::connect(worker(), next, std::move(identity), command.session));
  TRY(may_keep_subscriptions(next));
  std::unique_ptr<Seat> seat = TRY(seat_for(next));
  if (command.session) {
    if (auto claimed = worker().sessions().claim(next.client, holder()); !claimed) {
      return std::unexpected(to_problem(claimed.error()));
    }
    if (next.client != caller().client) worker().sessions().release(caller().client, holder());
  }
  become(std::move(next), std::move(seat));
  return {};
}

bool WebSocketEndpoint::fill_channel(const std::string& id, std::optional<std::string>& channel) {
  if (channel) return true;
  if (const auto only = only_channel()) {
    channel = *only;
    return true;
  }
  fail(id, {.code = ProblemCode::BadRequest,
            .detail = "'channel' is missing; it may be left out only where exactly one channel "
                      "is subscribed to"});
  return false;
}

// --- What the client is told --------------------------------------------------------------------

void WebSocketEndpoint::on_delivery(const hub::Delivery& delivery) {
  delivery.for_each_piece([this](const SharedBytes& piece) { send_shared(piece); });
  limit_outbox();
}

void WebSocketEndpoint::say_done(const Asker& asker) {
  std::string out;
  native::append_ok(out, asker, encoding_);
  send_reply(out);
}

void WebSocketEndpoint::say_failure(const Asker& asker, const Problem& problem) {
  send_reply(error_reply(asker, problem, encoding_));
}

void WebSocketEndpoint::say_subscribed(const Asker& asker, const native::Subscribed& subscribed) {
  std::string out;
  native::append_ok(out, asker, subscribed, encoding_);
  send_reply(out);
}

void WebSocketEndpoint::say_unsubscribed(Bytes channel) {
  std::string out;
  native::append_unsubscribed(out, channel, encoding_);
  send_news(out);
}

void WebSocketEndpoint::say_publications(std::span<const hub::PublicationPtr> publications) {
  if (!is_open() || publications.empty()) return;
  std::string frames;
  for (const hub::PublicationPtr& publication : publications) {
    append_frame(frames, *publication, form(), worker().settings().websocket.compression,
                 worker().deflate_pool());
  }
  allow_for(frames.size());
  send_shared(SharedBytes(frames));
}

void WebSocketEndpoint::say_gap(Bytes channel, const Position& position) {
  std::string out;
  native::append_gap(out, {.channel = channel, .position = position}, encoding_);
  send_news(out);
}

void WebSocketEndpoint::send_reply(Bytes object, Compress compress) {
  if (!is_open()) return;
  allow_for(object.size());
  send_message(opcode_of(encoding_), object, compress);
}

void WebSocketEndpoint::send_news(Bytes object) {
  if (!is_open()) return;
  send_message(opcode_of(encoding_), object, Compress::IfSmaller);
  limit_outbox();
}

// --- Ends -------------------------------------------------------------------------------------

/// Where others see the client its silence shows within their lease.
websocket::KeepaliveLimits WebSocketEndpoint::keepalive_limits() const {
  websocket::KeepaliveLimits limits = worker().settings().websocket.keepalive;
  if (!is_present()) return limits;
  limits.ping_interval = std::min(limits.ping_interval, lease_part());
  limits.pong_timeout = std::min(limits.pong_timeout, lease_part());
  return limits;
}

void WebSocketEndpoint::give_up(GiveUp why) {
  if (why == GiveUp::Slow) return close(ProblemCode::Slow, true, std::chrono::seconds(1));
  const websocket::KeepaliveLimits silence = keepalive_limits();
  part_as_lost(silence.ping_interval + silence.pong_timeout);
  close(ProblemCode::Idle, true, Duration::zero());
}

void WebSocketEndpoint::drain(Duration reconnect_after) {
  close(ProblemCode::Shutdown, true, reconnect_after);
}

void WebSocketEndpoint::close(ProblemCode code, bool reconnect, Duration wait) {
  if (!is_open()) return;
  part_for(code, reconnect);
  std::string out;
  native::append_closing(out,
                         {.code = code,
                          .reconnect = reconnect,
                          .wait = std::chrono::duration_cast<std::chrono::milliseconds>(wait)},
                         encoding_);
  send_frame(opcode_of(encoding_), out);
  send_close(close_code(code), native::problem_info(code).text);
}

}  // namespace carillon::transport
