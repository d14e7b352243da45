#include "protocol/http1/request_head_reader.hpp"

#include <algorithm>

#include "protocol/http1/authority.hpp"
#include "protocol/http1/characters.hpp"
#include "protocol/http1/target.hpp"

namespace carillon::http1 {
namespace {

/// Memory taken at once for a head that came in one piece with (part of) its body.
constexpr std::size_t kUsualHeadBytes = 1024;
constexpr Bytes kVersionPattern = "HTTP/d.d\r";  // `d`: a digit
constexpr std::size_t kMajorAt = 5;
constexpr std::size_t kMinorAt = 7;

/// What is wrong in a place where neither line end belongs.
std::unexpected<ParseError> misplaced(char octet, ParseError otherwise) {
  return std::unexpected(octet == '\n' ? ParseError::BareLineFeed : otherwise);
}

}  // namespace

Result<bool, ParseError> RequestHeadReader::read(Bytes& input, const Limits& limits) {
  if (state_ != State::Fields) {
    auto line = skip_empty_lines(input, limits);
    if (line) line = read_request_line(input, limits);
    if (!line) return std::unexpected(line.error());
    if (state_ != State::Fields) return false;
  }
  const SectionLimits section{limits.header_bytes, limits.field_count};
  if (!TRY(fields_.read(input, &head_.fields_, section))) return false;
  if (const auto valid = check_host(); !valid) return std::unexpected(valid.error());
  head_.framing_ = TRY(request_framing(head_.fields_, head_.version_));
  return true;
}

Result<void, ParseError> RequestHeadReader::skip_empty_lines(Bytes& input, const Limits& limits) {
  while (!input.empty() && (state_ == State::Start || state_ == State::EmptyLineEnd)) {
    const char octet = input.front();
    if (state_ == State::EmptyLineEnd) {
      if (octet != '\n') return std::unexpected(ParseError::BareCarriageReturn);
      state_ = State::Start;
    } else if (octet == '\r') {
      if (empty_lines_ == limits.leading_empty_lines) {
        return std::unexpected(ParseError::TooManyEmptyLines);
      }
      ++empty_lines_;
      state_ = State::EmptyLineEnd;
    } else {
      state_ = State::Method;
      return {};
    }
    input.remove_prefix(1);
  }
  return {};
}

Result<void, ParseError> RequestHeadReader::read_request_line(Bytes& input, const Limits& limits) {
  std::string& text = head_.fields_.text_;
  std::size_t at = 0;
  while (at < input.size() && state_ != State::Fields) {
    const auto step = read_some(input, at, limits);
    if (!step) return step;
  }
  if (text.empty()) text.reserve(std::min(input.size(), kUsualHeadBytes));
  text.append(input.substr(0, at));
  input.remove_prefix(at);
  return state_ == State::Fields ? finish_request_line() : Result<void, ParseError>();
}

Result<void, ParseError> RequestHeadReader::read_some(Bytes input, std::size_t& at,
                                                      const Limits& limits) {
  switch (state_) {
    case State::Method:
      return read_method(input, at, limits.method_bytes);
    case State::Target:
      return read_target(input, at, limits.target_bytes);
    case State::Version:
      return on_version_octet(input[at++]);
    default:
      break;
  }
  if (input[at++] != '\n') return std::unexpected(ParseError::BareCarriageReturn);
  state_ = State::Fields;
  return {};
}

/// Takes octets of one class into `part`, at most `limit` in all; false if the input ends first.
bool RequestHeadReader::take_part(Bytes input, std::size_t& at, RequestHead::Span& part,
                                  CharacterClass character_class, std::size_t limit) {
  const std::size_t stop = std::min(input.size(), at + (limit - part.length));
  const std::size_t end = skip(input, at, stop, character_class);
  part.length += static_cast<std::uint32_t>(end - at);
  at = end;
  return at < input.size();
}

Result<void, ParseError> RequestHeadReader::read_method(Bytes input, std::size_t& at,
                                                        std::size_t limit) {
  RequestHead::Span& method = head_.method_;
  if (!take_part(input, at, method, CharacterClass::Token, limit)) return {};
  const char octet = input[at++];
  if (is(octet, CharacterClass::Token)) return std::unexpected(ParseError::MethodTooLong);
  if (octet != ' ' || method.length == 0) return misplaced(octet, ParseError::InvalidMethod);
  head_.target_.begin = method.length + 1;
  state_ = State::Target;
  return {};
}

Result<void, ParseError> RequestHeadReader::read_target(Bytes input, std::size_t& at,
                                                        std::size_t limit) {
  RequestHead::Span& target = head_.target_;
  if (!take_part(input, at, target, CharacterClass::Query, limit)) return {};
  const char octet = input[at++];
  if (is(octet, CharacterClass::Query)) return std::unexpected(ParseError::TargetTooLong);
  if (octet == '\r' && target.length != 0) return std::unexpected(ParseError::MissingVersion);
  if (octet != ' ' || target.length == 0) return misplaced(octet, ParseError::InvalidTarget);
  state_ = State::Version;
  return {};
}

Result<void, ParseError> RequestHeadReader::on_version_octet(char octet) {
  const char expected = kVersionPattern[version_at_];
  const bool fits = expected == 'd' ? is(octet, CharacterClass::Digit) : octet == expected;
  if (!fits) return misplaced(octet, ParseError::InvalidVersion);
  if (version_at_ == kMajorAt) major_ = octet;
  if (version_at_ == kMinorAt) minor_ = octet;
  if (++version_at_ == kVersionPattern.size()) state_ = State::RequestLineEnd;
  return {};
}

Result<void, ParseError> RequestHeadReader::finish_request_line() {
  if (major_ != '1') return std::unexpected(ParseError::UnsupportedVersion);
  head_.version_ = minor_ == '0' ? Version::Http10 : Version::Http11;
  const auto parts = split_target(head_.method(), head_.target());
  if (!parts) return std::unexpected(parts.error());
  head_.form_ = parts->form;
  head_.authority_ = head_.span(parts->authority);
  head_.path_ = head_.span(parts->path);
  head_.query_ = head_.span(parts->query);
  return {};
}

Result<void, ParseError> RequestHeadReader::check_host() {
  const std::size_t hosts = head_.fields_.count("host");
  if (hosts > 1) return std::unexpected(ParseError::RepeatedHost);
  if (hosts == 0) {
    if (head_.version_ == Version::Http11) return std::unexpected(ParseError::MissingHost);
    return {};
  }
  const Bytes host = *head_.fields_.find("host");
  const bool target_has_host = head_.authority_.length != 0;
  // RFC 9110 §4.2.1: an http URI without a host is invalid. RFC 9112 §3.2.2: a Host beside a
  // target that names one is ignored, but its form is still held to the law.
  if (host.empty() ? !target_has_host : !split_authority(host)) {
    return std::unexpected(ParseError::InvalidHost);
  }
  if (!target_has_host) head_.authority_ = head_.span(host);
  return {};
}

}  // namespace carillon::http1
