// The server's side of one connection's inbound octets: request after request.
#pragma once

#include <cstdint>
#include <optional>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/http1/body_reader.hpp"
#include "protocol/http1/error.hpp"
#include "protocol/http1/event.hpp"
#include "protocol/http1/limits.hpp"
#include "protocol/http1/request.hpp"
#include "protocol/http1/request_head_reader.hpp"

namespace carillon::http1 {

/// Turns octets into requests, however they are cut. Between requests it holds no buffer.
/// Lifetime: `limits` outlives the parser.
class RequestParser {
 public:
  /// Where the parser stands: what time limit applies, and whether an end of input is clean.
  enum class Phase : std::uint8_t { Idle, Head, Body, Failed };

  explicit RequestParser(const Limits& limits) : limits_(&limits) {}

  /// Removes octets from the front of `input` up to the next event. Empty: all of `input` was
  /// taken and more is needed. Never reads past the end of a message, so whoever is not ready
  /// for the next pipelined request just does not call. An empty `input` is allowed, and tells
  /// whether an event is due without one (a request without body completes that way).
  /// Errors: any ParseError; final: it is repeated from then on.
  Result<std::optional<Event>, ParseError> poll(Bytes& input);

  /// After HeadComplete, once.
  RequestHead take_head();

  /// How much body this request may have; more is BodyTooLarge at the next poll(): at once where
  /// Content-Length tells, else when the chunks pass it. Call it between HeadComplete and the
  /// next poll(); without it no body is allowed.
  void limit_body(std::uint64_t bytes) { body_.limit(bytes); }

  Phase phase() const { return phase_; }

 private:
  Result<std::optional<Event>, ParseError> poll_head(Bytes& input);
  Result<std::optional<Event>, ParseError> poll_body(Bytes& input);

  const Limits* limits_;
  RequestHeadReader reader_;
  BodyReader body_;
  Phase phase_ = Phase::Idle;
  ParseError error_{};
};

}  // namespace carillon::http1
