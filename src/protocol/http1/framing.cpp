#include "protocol/http1/framing.hpp"

#include <limits>

#include "protocol/http1/characters.hpp"
#include "protocol/http1/list.hpp"

namespace carillon::http1 {
namespace {

Result<Framing, ParseError> parse_content_length(Bytes text) {
  constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();
  if (text.empty() || !consists_of(text, CharacterClass::Digit)) {
    return std::unexpected(ParseError::InvalidContentLength);
  }
  std::uint64_t length = 0;
  for (const char octet : text) {
    const auto digit = static_cast<std::uint64_t>(octet - '0');
    if (length > (kLargest - digit) / 10) return std::unexpected(ParseError::InvalidContentLength);
    length = length * 10 + digit;
  }
  return Framing::content_length(length);
}

/// Chunked, if the list is just that. Otherwise the error tells whether another server could
/// read the message (501) or none can know where it ends (400).
Result<Framing, ParseError> parse_transfer_encoding(Bytes text) {
  ListReader codings(text);
  bool unknown = false;
  bool chunked = false;  // is the last one so far
  while (const auto coding = codings.next()) {
    const bool valid = is_token(trim_blanks(coding->substr(0, coding->find(';'))));
    if (chunked || !valid) return std::unexpected(ParseError::InvalidTransferEncoding);
    chunked = equal_ignoring_case(*coding, "chunked");
    unknown = unknown || !chunked;
  }
  if (!chunked) return std::unexpected(ParseError::InvalidTransferEncoding);
  if (unknown) return std::unexpected(ParseError::UnknownTransferCoding);
  return Framing::chunked();
}

Result<Framing, ParseError> framing_of(const Fields& fields, Version version, Framing otherwise) {
  const std::size_t lengths = fields.count("content-length");
  if (fields.has("transfer-encoding")) {
    if (version == Version::Http10) {
      return std::unexpected(ParseError::TransferEncodingInHttp10);
    }
    if (lengths != 0) return std::unexpected(ParseError::ContentLengthWithTransferEncoding);
    return parse_transfer_encoding(fields.combined("transfer-encoding"));
  }
  if (lengths == 0) return otherwise;
  if (lengths > 1) return std::unexpected(ParseError::RepeatedContentLength);
  return parse_content_length(*fields.find("content-length"));
}

}  // namespace

Result<Framing, ParseError> request_framing(const Fields& fields, Version version) {
  return framing_of(fields, version, Framing::none());
}

Result<Framing, ParseError> response_framing(const Fields& fields, Version version) {
  return framing_of(fields, version, Framing::until_close());
}

}  // namespace carillon::http1
