#include "protocol/json_schema/reference.hpp"

#include <charconv>
#include <limits>
#include <optional>

#include "protocol/json/scalar.hpp"

namespace carillon::json_schema {
namespace {

constexpr json::Limits kAnySize{.items = std::numeric_limits<std::size_t>::max()};

std::optional<std::string> percent_decoded(Bytes text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      decoded += text[at];
      continue;
    }
    const Bytes digits = text.substr(at + 1, 2);
    unsigned octet = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), octet, 16);
    if (digits.size() != 2 || read.ptr != digits.data() + 2) return std::nullopt;
    decoded += static_cast<char>(octet);
    at += 2;
  }
  return decoded;
}

/// RFC 6901 §4: `~1` is a slash, `~0` a tilde.
std::optional<std::string> token_of(Bytes written) {
  std::string token;
  for (std::size_t at = 0; at < written.size(); ++at) {
    if (written[at] != '~') {
      token += written[at];
    } else if (++at < written.size() && (written[at] == '0' || written[at] == '1')) {
      token += written[at] == '0' ? '~' : '/';
    } else {
      return std::nullopt;
    }
  }
  return token;
}

}  // namespace

const References::Children& References::children_of(const json::Value& parent) {
  const auto [place, is_new] = seen_.try_emplace(parent.raw.data());
  Children& children = place->second;
  if (!is_new) return children;
  if (parent.kind == json::Kind::Object) {
    const auto object = json::parse_object(parent.raw, kAnySize);
    if (!object) return children;
    for (const json::Member& member : object->members()) {
      children.emplace(json::decode_string(member.key), member.value);
    }
  } else if (parent.kind == json::Kind::Array) {
    const auto array = json::parse_array(parent.raw, kAnySize);
    if (!array) return children;
    for (const json::Value& element : *array) {
      children.emplace(std::to_string(children.size()), element);
    }
  }
  return children;
}

Result<json::Value, std::string> References::resolve(Bytes reference) {
  const auto fail = [](std::string_view why) {
    return std::unexpected("'$ref' " + std::string(why));
  };
  if (!reference.starts_with('#')) {
    return fail("leads to another document, which is never fetched: put it below 'definitions'");
  }
  const auto pointer = percent_decoded(reference.substr(1));
  if (!pointer || (!pointer->empty() && pointer->front() != '/')) {
    return fail("must be '#', or '#/' and a JSON pointer like \"#/definitions/name\"");
  }
  json::Value value = root_;
  Bytes rest = *pointer;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const Bytes written = rest.substr(0, rest.find('/'));
    rest.remove_prefix(written.size());
    const auto token = token_of(written);
    if (!token) return fail("points to nothing");
    const Children& children = children_of(value);
    const auto found = children.find(*token);
    if (found == children.end()) return fail("points to nothing");
    value = found->second;
  }
  return value;
}

}  // namespace carillon::json_schema
