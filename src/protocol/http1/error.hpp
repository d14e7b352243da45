// Everything that can be wrong with an HTTP/1.1 message, and the status that answers it.
// After any of these the connection closes: its framing can no longer be trusted.
#pragma once

#include <cstdint>

#include "core/bytes.hpp"

namespace carillon::http1 {

enum class ParseError : std::uint8_t {
  // Line ends.
  BareLineFeed,        // RFC 9112 §2.2: refused, though a recipient may take it for a line end
  BareCarriageReturn,  // RFC 9112 §2.2
  TooManyEmptyLines,   // RFC 9112 §2.2: at least one is ignored before the request line

  // The request line.
  InvalidMethod,       // RFC 9110 §9.1: a token
  MethodTooLong,       // RFC 9112 §3: 501
  InvalidTarget,       // RFC 9112 §3.2
  TargetTooLong,       // RFC 9112 §3: 414
  MissingVersion,      // RFC 9112 §3: a line of HTTP/0.9
  InvalidVersion,      // RFC 9112 §2.3
  UnsupportedVersion,  // RFC 9110 §15.6.6: 505

  // Field lines, of the header and the trailer section.
  LeadingWhitespace,      // RFC 9112 §2.2: before the first field line
  ObsoleteFolding,        // RFC 9112 §5.2
  EmptyFieldName,         // RFC 9110 §5.1
  InvalidFieldName,       // RFC 9110 §5.1: a token
  WhitespaceBeforeColon,  // RFC 9112 §5.1
  MissingColon,           // RFC 9112 §5
  InvalidFieldValue,      // RFC 9110 §5.5: no control octets
  TooManyFields,          // RFC 6585 §5: 431
  HeaderTooLarge,         // RFC 6585 §5: 431

  // Host.
  MissingHost,   // RFC 9112 §3.2
  RepeatedHost,  // RFC 9112 §3.2
  InvalidHost,   // RFC 9110 §7.2

  // Framing.
  InvalidContentLength,               // RFC 9110 §8.6
  RepeatedContentLength,              // RFC 9110 §8.6: refused, even if all are equal
  ContentLengthWithTransferEncoding,  // RFC 9112 §6.3
  TransferEncodingInHttp10,           // RFC 9112 §6.1
  InvalidTransferEncoding,            // RFC 9112 §6.3: `chunked` is last, once, without parameters
  UnknownTransferCoding,              // RFC 9112 §6.1: 501
  InvalidChunkSize,                   // RFC 9112 §7.1
  InvalidChunkExtension,              // RFC 9112 §7.1.1
  ChunkExtensionTooLong,              // RFC 9112 §7.1.1: a limit of ours, 413
  InvalidChunkEnd,                    // RFC 9112 §7.1: data is followed by CR LF
  BodyTooLarge,                       // RFC 9110 §15.5.14: 413

  // The target's parts, once decoded.
  InvalidPercentEncoding,  // RFC 3986 §2.1
  InvalidPath,             // RFC 3986 §6.2.2.3 and §7.3: dot segments, NUL
  TooManyParameters,       // a limit of ours

  // Responses, read by the client.
  InvalidStatusLine,  // RFC 9112 §4
  Truncated,          // RFC 9112 §8: the connection closed in mid-message
};

/// The status code that answers the error: 400, 413, 414, 431, 501 or 505; 502 for a response's.
int status_of(ParseError error);

/// One sentence for the peer's developer: what was wrong and what to do.
Bytes explain(ParseError error);

}  // namespace carillon::http1
