// The request target: which of its four forms, its parts, and the decoding of its path.
#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/http1/error.hpp"

namespace carillon::http1 {

enum class TargetForm : std::uint8_t {
  Origin,     // `/path?query`
  Absolute,   // `http://host/path?query`
  Authority,  // `host:port`, of CONNECT alone
  Asterisk,   // `*`, of OPTIONS alone
};

/// Lifetime: views of the target that was split.
struct TargetParts {
  TargetForm form = TargetForm::Origin;
  Bytes authority;  // `host[:port]` of Absolute and Authority
  Bytes path;       // encoded
  Bytes query;      // encoded, without the `?`
};

/// Errors: InvalidTarget, InvalidPercentEncoding, InvalidHost.
/// Source: RFC 9112 §3.2. What browsers leave unencoded (WHATWG URL: `[ ] ^ |`, and in a query
///         `{ } \` and the backquote) is accepted beyond RFC 3986; fragments, quotes, angle
///         brackets, user information, blanks, controls and non-ASCII are not.
Result<TargetParts, ParseError> split_target(Bytes method, Bytes target);

/// The path as text, `%XX` decoded once. `.` and `..` segments, NUL and invalid encodings are
/// refused, so that the result can be compared with route names.
/// Errors: InvalidPercentEncoding, InvalidPath.
Result<std::string, ParseError> decode_path(Bytes path);

}  // namespace carillon::http1
