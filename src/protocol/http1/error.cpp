#include "protocol/http1/error.hpp"

namespace carillon::http1 {
namespace {

struct Answer {
  int status;
  Bytes text;
};

Answer answer_to_request_line(ParseError error) {
  switch (error) {
    case ParseError::BareLineFeed:
      return {400, "A line ends with LF alone; end it with CR LF."};
    case ParseError::BareCarriageReturn:
      return {400, "A CR stands without LF; end lines with CR LF and send no CR elsewhere."};
    case ParseError::TooManyEmptyLines:
      return {400, "Too many empty lines before the request line; send none."};
    case ParseError::InvalidMethod:
      return {400, "The request line must begin with a method and a single space."};
    case ParseError::MethodTooLong:
      return {501, "The method is longer than any that is known; use a registered one."};
    case ParseError::InvalidTarget:
      return {400, "The request target is malformed; send a path, percent-encoded where needed."};
    case ParseError::TargetTooLong:
      return {414, "The request target is too long; send the data in the body."};
    case ParseError::MissingVersion:
      return {400, "The request line names no version; end it with HTTP/1.1."};
    case ParseError::InvalidVersion:
      return {400, "The version is malformed; end the request line with HTTP/1.1."};
    default:
      return {505, "This version of HTTP is not supported here; use HTTP/1.1."};
  }
}

Answer answer_to_fields(ParseError error) {
  switch (error) {
    case ParseError::LeadingWhitespace:
      return {400, "The first header line begins with a blank; remove it."};
    case ParseError::ObsoleteFolding:
      return {400, "A header line begins with a blank; put each field on one line."};
    case ParseError::EmptyFieldName:
      return {400, "A header line begins with a colon; give the field a name."};
    case ParseError::InvalidFieldName:
      return {400, "A field name has a character that is not allowed; use letters and hyphens."};
    case ParseError::WhitespaceBeforeColon:
      return {400, "A blank stands between a field name and its colon; remove it."};
    case ParseError::MissingColon:
      return {400, "A header line has no colon; write it as name: value."};
    case ParseError::InvalidFieldValue:
      return {400, "A field value has a control character; remove it."};
    case ParseError::TooManyFields:
      return {431, "There are too many header fields; send fewer."};
    case ParseError::HeaderTooLarge:
      return {431, "The header fields are too large; send less, for example fewer cookies."};
    case ParseError::MissingHost:
      return {400, "The Host field is missing; send exactly one."};
    case ParseError::RepeatedHost:
      return {400, "There is more than one Host field; send exactly one."};
    default:
      return {400, "The Host field is malformed; send the host and port of the URL."};
  }
}

Answer answer_to_framing(ParseError error) {
  switch (error) {
    case ParseError::InvalidContentLength:
      return {400, "Content-Length is not a decimal number of bytes; send digits alone."};
    case ParseError::RepeatedContentLength:
      return {400, "There is more than one Content-Length; send one."};
    case ParseError::ContentLengthWithTransferEncoding:
      return {400, "Content-Length and Transfer-Encoding exclude each other; send one of them."};
    case ParseError::TransferEncodingInHttp10:
      return {400, "HTTP/1.0 has no Transfer-Encoding; send Content-Length or use HTTP/1.1."};
    case ParseError::InvalidTransferEncoding:
      return {400, "Transfer-Encoding must end with chunked, once and without parameters."};
    case ParseError::UnknownTransferCoding:
      return {501, "Only the transfer coding chunked is supported; apply no other."};
    case ParseError::InvalidChunkSize:
      return {400, "A chunk does not begin with its size in hexadecimal digits."};
    case ParseError::InvalidChunkExtension:
      return {400, "A chunk extension is malformed; send none."};
    case ParseError::ChunkExtensionTooLong:
      return {413, "The chunk extensions are too long; send none."};
    case ParseError::InvalidChunkEnd:
      return {400, "The data of a chunk is not followed by CR LF; check its size."};
    default:
      return {413, "The body is larger than this resource accepts; send less."};
  }
}

Answer answer_to_the_rest(ParseError error) {
  switch (error) {
    case ParseError::InvalidPercentEncoding:
      return {400, "A % is not followed by two hexadecimal digits; write it as %25."};
    case ParseError::InvalidPath:
      return {400, "The path has a segment . or .. or a NUL; send it resolved."};
    case ParseError::TooManyParameters:
      return {400, "The query has too many parameters; send fewer."};
    case ParseError::InvalidStatusLine:
      return {502, "The server's status line is malformed; is this an HTTP/1.1 server?"};
    default:
      return {502, "The connection closed before the response was complete; try again."};
  }
}

Answer answer_to(ParseError error) {
  if (error <= ParseError::UnsupportedVersion) return answer_to_request_line(error);
  if (error <= ParseError::InvalidHost) return answer_to_fields(error);
  if (error <= ParseError::BodyTooLarge) return answer_to_framing(error);
  return answer_to_the_rest(error);
}

}  // namespace

int status_of(ParseError error) {
  return answer_to(error).status;
}

Bytes explain(ParseError error) {
  return answer_to(error).text;
}

}  // namespace carillon::http1
