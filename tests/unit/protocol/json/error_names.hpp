// Error kinds as the vectors name them.
#pragma once

#include <map>
#include <string>

#include "protocol/json/error.hpp"

namespace carillon::json {

inline const std::map<std::string, ErrorKind>& error_names() {
  static const std::map<std::string, ErrorKind> names{
      {"UnexpectedEnd", ErrorKind::UnexpectedEnd},
      {"ByteOrderMark", ErrorKind::ByteOrderMark},
      {"ValueExpected", ErrorKind::ValueExpected},
      {"BadLiteral", ErrorKind::BadLiteral},
      {"BadNumber", ErrorKind::BadNumber},
      {"ControlCharacter", ErrorKind::ControlCharacter},
      {"BadEscape", ErrorKind::BadEscape},
      {"LoneSurrogate", ErrorKind::LoneSurrogate},
      {"BadUtf8", ErrorKind::BadUtf8},
      {"KeyExpected", ErrorKind::KeyExpected},
      {"ColonExpected", ErrorKind::ColonExpected},
      {"CommaExpected", ErrorKind::CommaExpected},
      {"DuplicateKey", ErrorKind::DuplicateKey},
      {"TooDeep", ErrorKind::TooDeep},
      {"TooMany", ErrorKind::TooMany},
      {"TrailingData", ErrorKind::TrailingData},
      {"NotAnObject", ErrorKind::NotAnObject},
      {"NotAnArray", ErrorKind::NotAnArray},
  };
  return names;
}

/// For comparisons that print names when they fail.
inline std::string name_of(ErrorKind kind) {
  for (const auto& [name, value] : error_names()) {
    if (value == kind) return name;
  }
  return "unnamed";
}

}  // namespace carillon::json
