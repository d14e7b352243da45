#include "protocol/json/error.hpp"

#include <fmt/format.h>

namespace carillon::json {

std::string_view to_text(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::UnexpectedEnd:
      return "the text ends too early";
    case ErrorKind::ByteOrderMark:
      return "a byte order mark stands in front";
    case ErrorKind::ValueExpected:
      return "a value was expected";
    case ErrorKind::BadLiteral:
      return "only true, false and null are words";
    case ErrorKind::BadNumber:
      return "this is no number";
    case ErrorKind::ControlCharacter:
      return "a control character in a string must be escaped";
    case ErrorKind::BadEscape:
      return "there is no such escape";
    case ErrorKind::LoneSurrogate:
      return "half of a surrogate pair is no character";
    case ErrorKind::BadUtf8:
      return "this is not UTF-8";
    case ErrorKind::KeyExpected:
      return "a key in double quotes was expected";
    case ErrorKind::ColonExpected:
      return "a colon was expected";
    case ErrorKind::CommaExpected:
      return "a comma or the closing bracket was expected";
    case ErrorKind::DuplicateKey:
      return "a key stands twice in one object";
    case ErrorKind::TooDeep:
      return "the nesting is too deep";
    case ErrorKind::TooMany:
      return "there are too many members or elements";
    case ErrorKind::TrailingData:
      return "something follows the value";
    case ErrorKind::NotAnObject:
      return "an object was expected";
    case ErrorKind::NotAnArray:
      return "an array was expected";
  }
  return "";
}

std::string describe(const Error& error) {
  return fmt::format("not the JSON expected, at octet {}: {}", error.offset, to_text(error.kind));
}

}  // namespace carillon::json
