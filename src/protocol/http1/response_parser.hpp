// The client's side of one connection's inbound octets: the responses to its requests.
#pragma once

#include <cstdint>
#include <optional>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/http1/body_reader.hpp"
#include "protocol/http1/error.hpp"
#include "protocol/http1/event.hpp"
#include "protocol/http1/field_reader.hpp"
#include "protocol/http1/limits.hpp"
#include "protocol/http1/response.hpp"

namespace carillon::http1 {

/// Turns octets into responses; interim ones (1xx but 101) are read and skipped.
/// Lifetime: `limits` outlives the parser.
class ResponseParser {
 public:
  explicit ResponseParser(const Limits& limits) : limits_(&limits) {}

  /// Which request the next response answers: HEAD has no body, a 2xx to CONNECT none either.
  /// Call it before the first octet of each response; a GET is assumed otherwise.
  void expect(Bytes method);

  /// As RequestParser::poll(). After a 101, or a 2xx to CONNECT, the rest of `input` is the new
  /// protocol's.
  Result<std::optional<Event>, ParseError> poll(Bytes& input);

  /// The connection ended: completes a body that only its end delimits.
  /// Errors: Truncated in mid-message. Empty between messages.
  Result<std::optional<Event>, ParseError> on_end();

  /// After HeadComplete, once.
  ResponseHead take_head();

  /// After HeadComplete, before the next poll(); without it no body is allowed.
  void limit_body(std::uint64_t bytes) { body_.limit(bytes); }

  /// After HeadComplete: whether the server keeps the connection open (RFC 9112 §9.3).
  bool keep_alive() const { return keep_alive_; }

 private:
  enum class State : std::uint8_t { StatusLine, Reason, StatusLineEnd, Fields, Body, Failed };

  Result<std::optional<Event>, ParseError> poll_head(Bytes& input);
  Result<std::optional<Event>, ParseError> poll_body(Bytes& input);
  Result<void, ParseError> read_status_line(Bytes& input);
  Result<void, ParseError> on_status_octet(char octet);
  Result<void, ParseError> on_pattern_octet(char octet);
  Result<Framing, ParseError> body_framing() const;
  void start_head();
  void start_next();
  void fail(ParseError error);

  const Limits* limits_;
  ResponseHead head_{.status = 0};
  FieldReader fields_;
  BodyReader body_;
  std::uint32_t line_bytes_ = 0;  // of the status line so far
  State state_ = State::StatusLine;
  Version version_ = Version::Http11;
  bool head_request_ = false;
  bool connect_request_ = false;
  bool keep_alive_ = true;
  ParseError error_{};
};

}  // namespace carillon::http1
