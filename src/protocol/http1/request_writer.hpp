// Writing the head of a request: the client's counterpart of response.hpp.
#pragma once

#include <string>

#include "core/bytes.hpp"
#include "protocol/http1/fields.hpp"
#include "protocol/http1/framing.hpp"

namespace carillon::http1 {

/// What the caller decides; none of it comes from a peer.
struct RequestLine {
  Bytes method;  // a token
  Bytes target;  // already percent-encoded
};

/// Appends an HTTP/1.1 request line, the fields (Host is the caller's), the framing and the
/// empty line. Content-Length and Transfer-Encoding in `fields` are left out.
/// Source: RFC 9112 §3, §6.
void append_request_head(std::string& out, RequestLine line, const Fields& fields, Framing framing);

}  // namespace carillon::http1
