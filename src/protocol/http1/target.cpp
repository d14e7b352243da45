#include "protocol/http1/target.hpp"

#include <algorithm>

#include "protocol/http1/authority.hpp"
#include "protocol/http1/characters.hpp"
#include "protocol/http1/percent.hpp"

namespace carillon::http1 {
namespace {

/// Reads `path[?query]` into `parts`.
Result<TargetParts, ParseError> with_path(TargetParts parts, Bytes text) {
  const std::size_t mark = text.find('?');
  parts.path = text.substr(0, mark);
  if (mark != Bytes::npos) parts.query = text.substr(mark + 1);
  if (!consists_of(parts.path, CharacterClass::Path) ||
      !consists_of(parts.query, CharacterClass::Query)) {
    return std::unexpected(ParseError::InvalidTarget);
  }
  if (!is_percent_encoded(parts.path) || !is_percent_encoded(parts.query)) {
    return std::unexpected(ParseError::InvalidPercentEncoding);
  }
  return parts;
}

/// The length of `http://` or `https://` at the front, 0 for another scheme.
std::size_t scheme_length(Bytes target) {
  for (const Bytes scheme : {Bytes("http://"), Bytes("https://")}) {
    if (equal_ignoring_case(target.substr(0, scheme.size()), scheme)) return scheme.size();
  }
  return 0;
}

Result<TargetParts, ParseError> split_absolute(Bytes target) {
  const std::size_t scheme = scheme_length(target);
  if (scheme == 0) return std::unexpected(ParseError::InvalidTarget);
  const Bytes rest = target.substr(scheme);
  TargetParts parts;
  parts.form = TargetForm::Absolute;
  parts.authority = rest.substr(0, rest.find_first_of("/?"));
  if (!split_authority(parts.authority)) return std::unexpected(ParseError::InvalidTarget);
  return with_path(parts, rest.substr(parts.authority.size()));
}

Result<TargetParts, ParseError> split_tunnel(Bytes target) {
  const auto authority = split_authority(target);
  // RFC 9110 §9.3.6: an empty or invalid port is rejected, typically with 400.
  if (!authority || authority->port.find_first_not_of('0') == Bytes::npos) {
    return std::unexpected(ParseError::InvalidTarget);
  }
  TargetParts parts;
  parts.form = TargetForm::Authority;
  parts.authority = target;
  return parts;
}

bool has_dot_segment(Bytes path) {
  while (true) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const Bytes segment = path.substr(0, end);
    if (segment == "." || segment == "..") return true;
    if (end == path.size()) return false;
    path.remove_prefix(end + 1);
  }
}

}  // namespace

Result<TargetParts, ParseError> split_target(Bytes method, Bytes target) {
  if (method == "CONNECT") return split_tunnel(target);
  if (target.starts_with('/')) return with_path(TargetParts{}, target);
  if (target != "*") return split_absolute(target);
  if (method != "OPTIONS") return std::unexpected(ParseError::InvalidTarget);
  TargetParts parts;
  parts.form = TargetForm::Asterisk;
  parts.path = target;
  return parts;
}

Result<std::string, ParseError> decode_path(Bytes path) {
  std::string decoded;
  if (!append_percent_decoded(decoded, path, Plus::Itself)) {
    return std::unexpected(ParseError::InvalidPercentEncoding);
  }
  if (decoded.find('\0') != std::string::npos || has_dot_segment(decoded)) {
    return std::unexpected(ParseError::InvalidPath);
  }
  return decoded;
}

}  // namespace carillon::http1
