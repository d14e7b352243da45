// Writing responses: heads and chunks. Nothing that a caller puts into a field can break out of it.
#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.hpp"
#include "protocol/http1/fields.hpp"
#include "protocol/http1/framing.hpp"

namespace carillon::http1 {

struct ResponseHead {
  int status = 200;  // 100–599
  Fields fields{};   // without Content-Length and Transfer-Encoding: the framing writes them
};

/// Whether the connection is open for another request afterwards.
enum class Persistence : std::uint8_t { KeepAlive, Close };

struct ResponseOptions {
  Version request_version = Version::Http11;
  Persistence persistence = Persistence::KeepAlive;
  Bytes date{};  // the value of Date; empty: none. See date.hpp
};

/// Appends status line, Date, the head's fields, the framing and Connection, and the empty line.
/// Shape:  1xx and 204 get no framing, 1xx no Date and no Connection of ours; None means
///         `Content-Length: 0` but for 304; UntilClose says `Connection: close`; keep-alive is
///         said only to HTTP/1.0, which Framing::streamed() spares chunks. For HEAD pass the
///         framing the GET would have, and send no body. Content-Length and Transfer-Encoding
///         in the head's fields are left out.
/// Source: RFC 9112 §4, §6, §9.3, §9.6; RFC 9110 §6.6.1, §8.6.
void append_response_head(std::string& out, const ResponseHead& head, Framing framing,
                          const ResponseOptions& options);

/// The standard phrase, e.g. "Not Found"; empty for an unregistered status.
Bytes reason_phrase(int status);

/// Appends one chunk with `data`; nothing where `data` is empty, as that would end the body.
/// Source: RFC 9112 §7.1.
void append_chunk(std::string& out, Bytes data);
/// Appends the end of a chunked body, without trailers.
void append_last_chunk(std::string& out);

}  // namespace carillon::http1
