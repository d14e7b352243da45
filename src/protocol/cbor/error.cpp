#include "protocol/cbor/error.hpp"

#include <fmt/format.h>

namespace carillon::cbor {

std::string_view to_text(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::UnexpectedEnd:
      return "the data ends too early";
    case ErrorKind::ReservedHead:
      return "a reserved initial octet or simple value";
    case ErrorKind::BadIndefinite:
      return "only strings, arrays and maps can be of indefinite length";
    case ErrorKind::UnexpectedBreak:
      return "a break where nothing can end";
    case ErrorKind::BadChunk:
      return "a string's piece is of another kind";
    case ErrorKind::BadUtf8:
      return "a text string is not UTF-8";
    case ErrorKind::KeyNotText:
      return "a map's key must be a text string of definite length";
    case ErrorKind::DuplicateKey:
      return "a key stands twice in one map";
    case ErrorKind::TooDeep:
      return "too many arrays and maps within each other";
    case ErrorKind::TooMany:
      return "too many members";
    case ErrorKind::TrailingData:
      return "something follows the value";
    case ErrorKind::NotAMap:
      return "a map is expected";
  }
  return "not valid";
}

std::string describe(const Error& error) {
  return fmt::format("not the CBOR expected, at octet {}: {}", error.offset, to_text(error.kind));
}

}  // namespace carillon::cbor
