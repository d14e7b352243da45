// Server-Sent Events, as they leave. An event's body is the same for every reader and can be
// shared; its `id:` is a reader's own and goes before it.
#pragma once

#include <chrono>
#include <string>

#include "core/bytes.hpp"

namespace carillon::sse {

/// `id: …`, one line of the event whose body follows.
/// Errors: false, and nothing appended, for an id with NUL, CR or LF: a reader would ignore the
///         first and take the others for the line's end.
/// Source: WHATWG HTML §9.2.5 (format), §9.2.6 (an id with NUL is ignored).
[[nodiscard]] bool append_id(std::string& out, Bytes id);

/// The rest of an event, from its name (none when empty: the reader's `onmessage` gets it) to the
/// empty line that dispatches it. Data of several lines becomes several `data:` lines, and
/// arrives with LF between them, whether they ended in CR, LF or CRLF.
/// Errors: false, and nothing appended, for a name with CR or LF.
[[nodiscard]] bool append_body(std::string& out, Bytes name, Bytes data);

/// How long readers wait before they reconnect. Negative counts as 0.
void append_retry(std::string& out, std::chrono::milliseconds wait);

/// A comment keeps proxies and readers' time limits at bay; several lines become several comments.
void append_comment(std::string& out, Bytes text);

}  // namespace carillon::sse
