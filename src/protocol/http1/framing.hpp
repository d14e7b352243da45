// Where a message body ends: the one decision on which request smuggling turns.
#pragma once

#include <cstdint>

#include "core/result.hpp"
#include "protocol/http1/error.hpp"
#include "protocol/http1/fields.hpp"

namespace carillon::http1 {

/// The protocol version of a message. A higher 1.x is treated as 1.1 (RFC 9110 §2.5).
enum class Version : std::uint8_t { Http10, Http11 };

/// How the length of a body is told.
struct Framing {
  enum class Kind : std::uint8_t { None, ContentLength, Chunked, UntilClose };

  Kind kind = Kind::None;
  std::uint64_t length_bytes = 0;  // of ContentLength only

  static constexpr Framing none() { return {Kind::None, 0}; }
  static constexpr Framing content_length(std::uint64_t bytes) {
    return {Kind::ContentLength, bytes};
  }
  static constexpr Framing chunked() { return {Kind::Chunked, 0}; }
  static constexpr Framing until_close() { return {Kind::UntilClose, 0}; }
  /// For a body of unknown length in answer to a request of `version`.
  static constexpr Framing streamed(Version version) {
    return version == Version::Http10 ? until_close() : chunked();
  }

  bool operator==(const Framing&) const = default;
};

/// The framing of a request.
/// Shape:  no framing field → None; `Content-Length: n` → ContentLength; `chunked` → Chunked.
/// Errors: InvalidContentLength, RepeatedContentLength, ContentLengthWithTransferEncoding,
///         TransferEncodingInHttp10, InvalidTransferEncoding, UnknownTransferCoding.
/// Source: RFC 9112 §6.1–§6.3; where it allows to repair, this refuses.
Result<Framing, ParseError> request_framing(const Fields& fields, Version version);

/// The framing of a response that has a body by its status and request method.
/// Shape:  as above, and UntilClose where nothing tells the length.
Result<Framing, ParseError> response_framing(const Fields& fields, Version version);

}  // namespace carillon::http1
