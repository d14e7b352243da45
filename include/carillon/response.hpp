// The answer to an HTTP request: now or later, whole or in pieces.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string_view>

#include "carillon/endpoint_id.hpp"
#include "carillon/export.hpp"

namespace carillon {

class Response;
using ResponseId = EndpointId<Response>;

/// An answer that a handler gives at once, or later by its id (`Server::post`).
///
///     response.set_status(201).set_header("Location", "/notes/7").send("made\n");
///
/// One that is forgotten is answered 503 when `RouteOptions::answer_time` has passed.
///
/// Thread:   its reactor's; the id from any.
/// Lifetime: until the answer is complete or the client is gone, whichever comes first; inside a
///           handler at least until that returns, and every call is quiet from then on.
class CARILLON_API Response {
 public:
  virtual ResponseId id() const = 0;
  /// False when the answer is complete, or the client gone.
  virtual bool is_open() const = 0;

  /// 200–599; 200 if never called. Throws std::invalid_argument for any other, and
  /// std::logic_error once the answer has begun.
  virtual Response& set_status(int status) = 0;
  /// Adds a field; those of the connection and of the framing (`Content-Length`,
  /// `Transfer-Encoding`, `Connection`, `Date`, …) are the server's own and ignored.
  /// Control octets in `value` become spaces. Throws std::invalid_argument for a name that is no
  /// token (RFC 9110 §5.6.2), and std::logic_error once the answer has begun.
  virtual Response& set_header(std::string_view name, std::string_view value) = 0;

  /// The whole answer. `Content-Type` is `text/plain; charset=utf-8` unless set.
  /// Throws std::logic_error after `write`.
  virtual void send(std::string_view body = {}) = 0;

  /// A piece of a body whose length is not known, sent at the end of this tick; the first begins
  /// the answer. Nothing is sent for an empty piece but the head.
  /// Returns: false, and drops the piece, where `buffered_bytes` is over
  ///          `RouteOptions::max_buffered_bytes` (go on in `on_drain`), where the client is gone,
  ///          and where the answer has no body (to HEAD; 204, 304): the first call completes it.
  virtual bool write(std::string_view piece) = 0;
  /// The end of what `write` began.
  virtual void finish() = 0;
  /// Gives the client up, without an end that could be taken for a complete answer.
  virtual void abort() = 0;

  /// Octets that the network has not taken yet.
  virtual std::size_t buffered_bytes() const = 0;

  /// Called each time that everything written has been taken by the network, after it had not been
  /// for a while.
  virtual void on_drain(std::function<void(Response&)> handler) = 0;
  /// Called once where the client goes before the answer is complete. The response is no more.
  virtual void on_close(std::function<void()> handler) = 0;
  /// Called once when the server is about to stop: it waits for the end of this answer, `[server]
  /// drain_s` at most, so one that would go on for ever is to `finish` now.
  virtual void on_shutdown(std::function<void(Response&)> handler) = 0;

  Response(const Response&) = delete;
  Response& operator=(const Response&) = delete;

 protected:
  Response() = default;
  ~Response() = default;
};

struct RouteOptions {
  /// Octets of a request's body; 413 above.
  std::size_t max_body_bytes = 1024 * 1024;
  /// Octets that `Response::write` keeps for a slow client.
  std::size_t max_buffered_bytes = 1024 * 1024;
  /// How long the application may take to begin the answer; 503 after that. 1 second to 10 years.
  std::chrono::seconds answer_time{30};
};

}  // namespace carillon
