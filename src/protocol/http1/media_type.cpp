#include "protocol/http1/media_type.hpp"

#include <algorithm>

#include "protocol/http1/characters.hpp"

namespace carillon::http1 {
namespace {

Bytes take_token(Bytes& text) {
  const std::size_t end = skip(text, 0, text.size(), CharacterClass::Token);
  const Bytes token = text.substr(0, end);
  text.remove_prefix(end);
  return token;
}

/// Removes a quoted string from the front and gives its inside, still with backslashes.
std::optional<Bytes> take_quoted(Bytes& text) {
  for (std::size_t at = 1; at < text.size() && is(text[at], CharacterClass::FieldValue); ++at) {
    if (text[at] == '"') {
      const Bytes inside = text.substr(1, at - 1);
      text.remove_prefix(at + 1);
      return inside;
    }
    if (text[at] != '\\') continue;
    ++at;
    if (at == text.size() || !is(text[at], CharacterClass::FieldValue)) break;
  }
  return std::nullopt;
}

std::string unescape(Bytes inside) {
  std::string value;
  for (std::size_t at = 0; at < inside.size(); ++at) {
    if (inside[at] == '\\') ++at;
    value.push_back(inside[at]);
  }
  return value;
}

struct Parameter {
  Bytes name;  // empty for a `;` without a parameter, which is legal
  Bytes value;
  bool quoted = false;
};

/// Removes `OWS ";" OWS [ parameter ]` from the front.
std::optional<Parameter> take_parameter(Bytes& text) {
  text = trim_blanks(text);
  if (!text.starts_with(';')) return std::nullopt;
  text = trim_blanks(text.substr(1));
  Parameter parameter;
  parameter.name = take_token(text);
  if (parameter.name.empty()) return parameter;
  if (!text.starts_with('=')) return std::nullopt;
  text.remove_prefix(1);
  parameter.quoted = text.starts_with('"');
  if (parameter.quoted) {
    const auto inside = take_quoted(text);
    if (!inside) return std::nullopt;
    parameter.value = *inside;
    return parameter;
  }
  parameter.value = take_token(text);
  if (parameter.value.empty()) return std::nullopt;
  return parameter;
}

}  // namespace

std::optional<MediaType> parse_media_type(Bytes text) {
  text = trim_blanks(text);
  MediaType media;
  media.type = take_token(text);
  if (media.type.empty() || !text.starts_with('/')) return std::nullopt;
  text.remove_prefix(1);
  media.subtype = take_token(text);
  if (media.subtype.empty()) return std::nullopt;
  media.parameters = text;
  while (!text.empty()) {
    if (!take_parameter(text)) return std::nullopt;
  }
  return media;
}

std::optional<std::string> MediaType::parameter(Bytes name) const {
  Bytes rest = parameters;
  while (!rest.empty()) {
    const auto candidate = take_parameter(rest);
    if (!candidate) break;
    if (candidate->name.empty() || !equal_ignoring_case(candidate->name, name)) continue;
    return candidate->quoted ? unescape(candidate->value) : std::string(candidate->value);
  }
  return std::nullopt;
}

bool MediaType::is(Bytes type_name, Bytes subtype_name) const {
  return equal_ignoring_case(type, type_name) && equal_ignoring_case(subtype, subtype_name);
}

bool MediaType::is_json() const {
  constexpr Bytes kSuffix = "+json";
  if (is("application", "json")) return true;
  const std::size_t start = subtype.size() - std::min(subtype.size(), kSuffix.size());
  return start > 0 && equal_ignoring_case(subtype.substr(start), kSuffix);
}

bool MediaType::is_text() const {
  return equal_ignoring_case(type, "text");
}

}  // namespace carillon::http1
