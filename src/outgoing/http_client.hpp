// HTTP/1.1 from the client's side: one call after the other over one connection, which is kept
// as long as the server keeps it.
#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.hpp"
#include "outgoing/failure.hpp"
#include "outgoing/link.hpp"
#include "outgoing/options.hpp"
#include "protocol/http1/fields.hpp"
#include "protocol/http1/limits.hpp"
#include "protocol/http1/response.hpp"
#include "protocol/http1/response_parser.hpp"

namespace carillon::outgoing {

struct HttpRequest {
  std::string method = "GET";
  std::string target;         // without the server's base path
  http1::Fields fields = {};  // besides Host, Authorization and the framing; may have a User-Agent
  std::string body = {};      // of a POST; may be empty
};

/// Hears one call, in this order: one head, any number of pieces of the body, the end; or at any
/// time a failure, which is the last.
class HttpListener {
 public:
  virtual ~HttpListener() = default;
  virtual void on_http_head(http1::ResponseHead head) = 0;
  virtual void on_http_body(Bytes piece) = 0;
  virtual void on_http_complete() = 0;
  virtual void on_http_failed(const Failure& failure) = 0;
};

/// Bodies are passed on as they come; how much of one is kept is the listener's to bound.
/// Thread:   its reactor's own.
/// Lifetime: reactor and listener outlive it. It may be closed, or given the next call, in its own
///           callbacks, not destroyed.
class HttpClient final : private LinkListener {
 public:
  HttpClient(net::Reactor& reactor, const CallOptions& options, HttpListener& listener);

  /// Sends a request; one that is under way is given up.
  /// Errors: Unreachable, Lost, NotOurs, and Silent when nothing comes for `options.silence`.
  void call(HttpRequest request);
  /// No callback afterwards. Idempotent.
  void close();
  /// Whether a connection waits for the next call.
  bool is_connected() { return state_ == State::Idle && link_.is_open(); }

 private:
  enum class State : std::uint8_t { Idle, Connecting, Waiting };

  void on_link_open() override;
  void on_link_bytes(std::span<char> received) override;
  void on_link_end() override;
  void on_link_deadline() override;
  void on_link_failed(const Failure& failure) override;

  void send_request();
  void trust_for_a_while();
  void on_event(const http1::Event& event);
  void complete();
  void fail(FailureKind kind, std::string text);

  const CallOptions& options_;
  HttpListener& listener_;
  Link link_;
  http1::Limits limits_;
  http1::ResponseParser parser_;
  HttpRequest request_;
  State state_ = State::Idle;
  std::uint32_t call_ = 0;  // counts calls, so that a callback that makes the next one is noticed
  bool keep_ = false;       // the connection, after this response
};

}  // namespace carillon::outgoing
