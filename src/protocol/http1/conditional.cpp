#include "protocol/http1/conditional.hpp"

#include <string>

#include "protocol/http1/characters.hpp"
#include "protocol/http1/date.hpp"

namespace carillon::http1 {
namespace {

using std::chrono::sys_seconds;

enum class Comparison : std::uint8_t { Weak, Strong };

constexpr Bytes kWeakPrefix = "W/";

bool is_weak(Bytes tag) {
  return tag.starts_with(kWeakPrefix);
}

Bytes opaque_part(Bytes tag) {
  return is_weak(tag) ? tag.substr(kWeakPrefix.size()) : tag;
}

/// Source: RFC 9110 §8.8.3.2.
bool tags_match(Bytes left, Bytes right, Comparison comparison) {
  if (comparison == Comparison::Strong && (is_weak(left) || is_weak(right))) return false;
  return opaque_part(left) == opaque_part(right);
}

/// Removes an entity tag from the front; empty if there is none.
Bytes take_tag(Bytes& text) {
  const std::size_t open = is_weak(text) ? kWeakPrefix.size() : 0;
  if (open >= text.size() || text[open] != '"') return {};
  const std::size_t close = text.find('"', open + 1);
  if (close == Bytes::npos) return {};
  const Bytes tag = text.substr(0, close + 1);
  const Bytes opaque = tag.substr(open + 1, close - open - 1);
  if (opaque.find_first_of(" \t") != Bytes::npos) return {};
  text.remove_prefix(tag.size());
  return tag;
}

/// Whether the list names the tag. A list that goes wrong matches nothing from there on.
bool list_names(Bytes list, Bytes etag, Comparison comparison) {
  if (list == "*") return true;
  if (etag.empty()) return false;
  while (!list.empty()) {
    if (is_blank(list.front()) || list.front() == ',') {
      list.remove_prefix(1);
      continue;
    }
    const Bytes tag = take_tag(list);
    const Bytes rest = trim_blanks(list);
    if (tag.empty() || !(rest.empty() || rest.front() == ',')) return false;
    if (tags_match(tag, etag, comparison)) return true;
  }
  return false;
}

/// The date of a field that must be alone, if there is one to compare with.
std::optional<sys_seconds> date_of(const Fields& fields, Bytes name, const Validators& current,
                                   sys_seconds now) {
  const auto value = fields.find(name);
  if (!value || !current.last_modified || fields.count(name) > 1) return std::nullopt;
  return parse_date(*value, now);
}

/// Source: RFC 9110 §13.2.2, steps 1 and 2.
bool allows_change(const Fields& fields, const Validators& current, sys_seconds now) {
  if (fields.has("if-match")) {
    return list_names(fields.combined("if-match"), current.etag, Comparison::Strong);
  }
  const auto unmodified_since = date_of(fields, "if-unmodified-since", current, now);
  return !unmodified_since || *current.last_modified <= *unmodified_since;
}

}  // namespace

Precondition evaluate_preconditions(Bytes method, const Fields& fields, const Validators& current,
                                    sys_seconds now) {
  const bool reads = method == "GET" || method == "HEAD";
  if (!allows_change(fields, current, now)) return Precondition::Failed;
  if (fields.has("if-none-match")) {
    if (!list_names(fields.combined("if-none-match"), current.etag, Comparison::Weak)) {
      return Precondition::Proceed;
    }
    return reads ? Precondition::NotModified : Precondition::Failed;
  }
  if (!reads) return Precondition::Proceed;
  const auto modified_since = date_of(fields, "if-modified-since", current, now);
  const bool unchanged = modified_since && *current.last_modified <= *modified_since;
  return unchanged ? Precondition::NotModified : Precondition::Proceed;
}

bool range_applies(Bytes method, const Fields& fields, const Validators& current, sys_seconds now) {
  if (method != "GET" || fields.count("range") != 1) return false;
  const auto value = fields.find("if-range");
  if (!value) return true;
  if (fields.count("if-range") != 1) return false;
  Bytes rest = *value;
  if (const Bytes tag = take_tag(rest); !tag.empty()) {
    return rest.empty() && tags_match(tag, current.etag, Comparison::Strong);
  }
  const auto date = parse_date(*value, now);
  return date && current.last_modified && *date == *current.last_modified;
}

}  // namespace carillon::http1
