#include "outgoing/http_client.hpp"

#include <fmt/format.h>

#include <limits>
#include <utility>
#include <variant>

#include "protocol/http1/framing.hpp"
#include "protocol/http1/request_writer.hpp"

namespace carillon::outgoing {

HttpClient::HttpClient(net::Reactor& reactor, const CallOptions& options, HttpListener& listener)
    : options_(options), listener_(listener), link_(reactor, *this), parser_(limits_) {}

void HttpClient::call(HttpRequest request) {
  const bool is_reusable = is_connected();
  ++call_;
  request_ = std::move(request);
  if (is_reusable) return send_request();
  state_ = State::Connecting;
  link_.open(options_);
}

void HttpClient::close() {
  state_ = State::Idle;
  ++call_;
  link_.close();
}

void HttpClient::on_link_open() {
  send_request();
}

void HttpClient::send_request() {
  http1::Fields fields;
  fields.add("Host", options_.server.authority());
  if (!request_.fields.has("user-agent")) fields.add("User-Agent", "carillon");
  if (!options_.token.empty()) fields.add("Authorization", "Bearer " + options_.token);
  for (std::size_t i = 0; i < request_.fields.size(); ++i) {
    fields.add(request_.fields.at(i).name, request_.fields.at(i).value);
  }
  const bool has_body = request_.method != "GET";
  std::string out;
  http1::append_request_head(
      out, {.method = request_.method, .target = options_.server.target(request_.target)}, fields,
      has_body ? http1::Framing::content_length(request_.body.size()) : http1::Framing::none());
  link_.send(out);
  link_.send(request_.body);
  parser_ = http1::ResponseParser(limits_);
  parser_.expect(request_.method);
  state_ = State::Waiting;
  trust_for_a_while();
}

void HttpClient::trust_for_a_while() {
  link_.set_deadline(link_.reactor().now() + options_.silence);
}

void HttpClient::on_link_bytes(std::span<char> received) {
  if (state_ != State::Waiting) return link_.close();  // nobody has asked for anything
  trust_for_a_while();
  Bytes input(received.data(), received.size());
  const std::uint32_t call = call_;
  while (call == call_ && state_ == State::Waiting) {
    auto event = parser_.poll(input);
    if (!event) {
      return fail(FailureKind::NotOurs,
                  fmt::format("{} does not answer in HTTP/1.1 ({})", options_.server.to_text(),
                              http1::explain(event.error())));
    }
    if (!*event) return;
    // What is left belongs to no call: such a connection is not used again.
    if (std::holds_alternative<http1::MessageComplete>(**event) && !input.empty()) keep_ = false;
    on_event(**event);
  }
}

void HttpClient::on_event(const http1::Event& event) {
  if (std::holds_alternative<http1::HeadComplete>(event)) {
    keep_ = parser_.keep_alive();
    parser_.limit_body(std::numeric_limits<std::uint64_t>::max());
    return listener_.on_http_head(parser_.take_head());
  }
  if (const auto* piece = std::get_if<http1::BodyPiece>(&event)) {
    return listener_.on_http_body(piece->bytes);
  }
  complete();
}

void HttpClient::complete() {
  state_ = State::Idle;
  if (keep_ && options_.idle > Duration::zero()) {
    link_.set_deadline(link_.reactor().now() + options_.idle);
  } else if (keep_) {
    link_.set_deadline({});
  } else {
    link_.close();
  }
  listener_.on_http_complete();
}

/// The end of a body that only the connection's end delimits, or an end too early.
void HttpClient::on_link_end() {
  if (state_ != State::Waiting) return link_.close();
  keep_ = false;
  auto event = parser_.on_end();
  if (event && *event) return complete();
  fail(FailureKind::Lost, "the server ended the connection before its answer was complete");
}

void HttpClient::on_link_deadline() {
  if (state_ != State::Waiting) return link_.close();  // nobody has used it for long
  fail(FailureKind::Silent,
       fmt::format("{} has been silent for {} s", options_.server.to_text(),
                   std::chrono::duration_cast<std::chrono::seconds>(options_.silence).count()));
}

void HttpClient::on_link_failed(const Failure& failure) {
  if (state_ == State::Idle) return;  // a kept connection has gone
  state_ = State::Idle;
  listener_.on_http_failed(failure);
}

void HttpClient::fail(FailureKind kind, std::string text) {
  close();
  listener_.on_http_failed({.kind = kind, .text = std::move(text)});
}

}  // namespace carillon::outgoing
