#include "protocol/http1/response_parser.hpp"

#include <utility>

#include "protocol/http1/characters.hpp"

namespace carillon::http1 {
namespace {

constexpr Bytes kStatusLinePattern = "HTTP/d.d ddd ";  // `d`: a digit; the reason follows
constexpr std::size_t kMajorAt = 5;
constexpr std::size_t kMinorAt = 7;
constexpr std::size_t kStatusAt = 9;
/// Octets of a status line; a reason phrase is a few words.
constexpr std::size_t kLargestStatusLineBytes = 512;

}  // namespace

void ResponseParser::expect(Bytes method) {
  head_request_ = method == "HEAD";
  connect_request_ = method == "CONNECT";
}

Result<std::optional<Event>, ParseError> ResponseParser::poll(Bytes& input) {
  if (state_ == State::Failed) return std::unexpected(error_);
  auto event = state_ == State::Body ? poll_body(input) : poll_head(input);
  if (!event) fail(event.error());
  return event;
}

Result<std::optional<Event>, ParseError> ResponseParser::on_end() {
  if (state_ == State::StatusLine && line_bytes_ == 0) return std::nullopt;
  Bytes nothing;
  auto due = poll(nothing);
  if (!due || due->has_value()) return due;
  if (state_ == State::Body && body_.framing() == Framing::until_close()) {
    start_next();
    return MessageComplete{};
  }
  fail(ParseError::Truncated);
  return std::unexpected(error_);
}

Result<std::optional<Event>, ParseError> ResponseParser::poll_head(Bytes& input) {
  const SectionLimits section{limits_->header_bytes, limits_->field_count};
  while (true) {
    const auto line = read_status_line(input);
    if (!line) return std::unexpected(line.error());
    if (state_ != State::Fields) return std::nullopt;
    if (!TRY(fields_.read(input, &head_.fields, section))) return std::nullopt;
    if (head_.status >= 200 || head_.status == 101) break;
    start_head();  // RFC 9110 §15.2: interim responses are for whoever wants them
  }
  const Framing framing = TRY(body_framing());
  const bool close = head_.fields.has_token("connection", "close");
  const bool keep =
      version_ == Version::Http11 || head_.fields.has_token("connection", "keep-alive");
  keep_alive_ = keep && !close && framing != Framing::until_close();
  body_ = BodyReader(framing);
  state_ = State::Body;
  return HeadComplete{};
}

Result<std::optional<Event>, ParseError> ResponseParser::poll_body(Bytes& input) {
  auto event = TRY(body_.poll(input, *limits_));
  if (event && std::holds_alternative<MessageComplete>(*event)) start_next();
  return event;
}

Result<void, ParseError> ResponseParser::read_status_line(Bytes& input) {
  while (!input.empty() && state_ < State::Fields) {
    const char octet = input.front();
    if (line_bytes_ == kLargestStatusLineBytes) {
      return std::unexpected(ParseError::InvalidStatusLine);
    }
    const auto step = on_status_octet(octet);
    if (!step) return step;
    ++line_bytes_;
    input.remove_prefix(1);
  }
  return {};
}

Result<void, ParseError> ResponseParser::on_status_octet(char octet) {
  if (octet == '\n' && state_ != State::StatusLineEnd) {
    return std::unexpected(ParseError::BareLineFeed);
  }
  switch (state_) {
    case State::StatusLine:
      return on_pattern_octet(octet);
    case State::Reason:
      if (is(octet, CharacterClass::FieldValue)) return {};
      if (octet != '\r') return std::unexpected(ParseError::InvalidStatusLine);
      state_ = State::StatusLineEnd;
      return {};
    default:
      if (octet != '\n') return std::unexpected(ParseError::BareCarriageReturn);
      state_ = State::Fields;
      return {};
  }
}

Result<void, ParseError> ResponseParser::on_pattern_octet(char octet) {
  const char expected = kStatusLinePattern[line_bytes_];
  const bool fits = expected == 'd' ? is(octet, CharacterClass::Digit) : octet == expected;
  if (!fits) return std::unexpected(ParseError::InvalidStatusLine);
  if (line_bytes_ == kMajorAt && octet != '1') {
    return std::unexpected(ParseError::UnsupportedVersion);
  }
  if (line_bytes_ == kMinorAt) version_ = octet == '0' ? Version::Http10 : Version::Http11;
  if (line_bytes_ == kStatusAt && octet == '0') {
    return std::unexpected(ParseError::InvalidStatusLine);
  }
  if (line_bytes_ >= kStatusAt && expected == 'd') head_.status = head_.status * 10 + octet - '0';
  if (line_bytes_ + 1 == kStatusLinePattern.size()) state_ = State::Reason;
  return {};
}

/// Source: RFC 9112 §6.3, rules 1 and 2.
Result<Framing, ParseError> ResponseParser::body_framing() const {
  const int status = head_.status;
  const bool tunnel = status == 101 || (connect_request_ && status / 100 == 2);
  if (tunnel || head_request_ || status == 204 || status == 304) return Framing::none();
  return response_framing(head_.fields, version_);
}

void ResponseParser::start_head() {
  head_ = ResponseHead{.status = 0};
  fields_ = FieldReader();
  line_bytes_ = 0;
  state_ = State::StatusLine;
}

void ResponseParser::start_next() {
  start_head();
  expect("GET");
}

void ResponseParser::fail(ParseError error) {
  error_ = error;
  state_ = State::Failed;
}

ResponseHead ResponseParser::take_head() {
  return std::move(head_);
}

}  // namespace carillon::http1
