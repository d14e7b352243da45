// Request line and fields, octet by octet, into a RequestHead that obeys the law.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/http1/characters.hpp"
#include "protocol/http1/error.hpp"
#include "protocol/http1/field_reader.hpp"
#include "protocol/http1/limits.hpp"
#include "protocol/http1/request.hpp"

namespace carillon::http1 {

/// Reads one head. The request line is judged octet by octet, so that a peer that never sends a
/// line feed is refused when it goes wrong and not when it times out.
/// Source: RFC 9112 §2.2, §3.
class RequestHeadReader {
 public:
  /// Removes octets from the front of `input`; true once the head is complete.
  Result<bool, ParseError> read(Bytes& input, const Limits& limits);

  /// Whether any octet of a head has been seen; empty lines before it do not count.
  bool started() const { return state_ != State::Start; }

  /// After read() gave true.
  Framing framing() const { return head_.framing(); }
  /// After read() gave true, once.
  RequestHead take() { return std::move(head_); }

 private:
  enum class State : std::uint8_t {
    Start,
    EmptyLineEnd,
    Method,
    Target,
    Version,
    RequestLineEnd,
    Fields,
  };

  Result<void, ParseError> skip_empty_lines(Bytes& input, const Limits& limits);
  Result<void, ParseError> read_request_line(Bytes& input, const Limits& limits);
  Result<void, ParseError> read_some(Bytes input, std::size_t& at, const Limits& limits);
  static bool take_part(Bytes input, std::size_t& at, RequestHead::Span& part,
                        CharacterClass character_class, std::size_t limit);
  Result<void, ParseError> read_method(Bytes input, std::size_t& at, std::size_t limit);
  Result<void, ParseError> read_target(Bytes input, std::size_t& at, std::size_t limit);
  Result<void, ParseError> on_version_octet(char octet);
  Result<void, ParseError> finish_request_line();
  Result<void, ParseError> check_host();

  RequestHead head_;
  FieldReader fields_;
  State state_ = State::Start;
  std::uint8_t empty_lines_ = 0;
  std::uint8_t version_at_ = 0;  // octets of the version read so far
  char major_ = 0;
  char minor_ = 0;
};

}  // namespace carillon::http1
