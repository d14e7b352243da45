#include "transport/common/path_pattern.hpp"

#include <algorithm>
#include <utility>

namespace carillon::transport {
namespace {

bool is_letter(char octet) {
  return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') || octet == '_';
}

bool is_name(Bytes text) {
  return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, [](char octet) {
    return is_letter(octet) || (octet >= '0' && octet <= '9');
  });
}

/// Takes the part up to the next slash off the front of `path`, and the slash.
Bytes take_part(Bytes& path) {
  const std::size_t slash = path.find('/');
  const Bytes part = path.substr(0, slash);
  path.remove_prefix(slash == Bytes::npos ? path.size() : slash + 1);
  return part;
}

}  // namespace

std::optional<PathPattern> PathPattern::parse(Bytes text) {
  if (!text.starts_with('/')) return std::nullopt;
  PathPattern pattern;
  text.remove_prefix(1);
  for (bool more = true; more;) {
    more = text.find('/') != Bytes::npos;
    const Bytes part = take_part(text);
    if (part == "*") {
      if (more) return std::nullopt;
      pattern.parts_.push_back({.kind = Kind::Rest, .text = "*"});
    } else if (part.starts_with(':')) {
      const Bytes name = part.substr(1);
      const bool known = std::ranges::any_of(pattern.parts_, [&](const Part& other) {
        return other.kind == Kind::Parameter && other.text == name;
      });
      if (!is_name(name) || known) return std::nullopt;
      pattern.parts_.push_back({.kind = Kind::Parameter, .text = std::string(name)});
    } else {
      pattern.parts_.push_back({.kind = Kind::Text, .text = std::string(part)});
    }
  }
  return pattern;
}

bool PathPattern::has_parameters() const {
  return std::ranges::any_of(parts_, [](const Part& part) { return part.kind != Kind::Text; });
}

std::optional<std::vector<PathParameter>> PathPattern::match(Bytes path) const {
  if (!path.starts_with('/')) return std::nullopt;
  path.remove_prefix(1);
  std::vector<PathParameter> parameters;
  bool at_end = false;
  for (const Part& part : parts_) {
    if (at_end) return std::nullopt;
    if (part.kind == Kind::Rest) {
      parameters.push_back({.name = part.text, .value = std::string(path)});
      return parameters;
    }
    at_end = path.find('/') == Bytes::npos;
    const Bytes given = take_part(path);
    if (part.kind == Kind::Text && given != part.text) return std::nullopt;
    if (part.kind == Kind::Parameter) {
      if (given.empty()) return std::nullopt;
      parameters.push_back({.name = part.text, .value = std::string(given)});
    }
  }
  if (!at_end) return std::nullopt;
  return parameters;
}

bool PathPattern::says_more_than(const PathPattern& other) const {
  return std::ranges::lexicographical_compare(parts_, other.parts_, std::ranges::less{},
                                              &Part::kind, &Part::kind);
}

bool PathPattern::same_shape(const PathPattern& other) const {
  return std::ranges::equal(parts_, other.parts_, [](const Part& left, const Part& right) {
    return left.kind == right.kind && (left.kind != Kind::Text || left.text == right.text);
  });
}

}  // namespace carillon::transport
