#include "protocol/http1/fields.hpp"

#include <span>

#include "core/check.hpp"
#include "protocol/http1/characters.hpp"
#include "protocol/http1/list.hpp"

namespace carillon::http1 {
namespace {

/// Room for what most messages say, so that it is allocated once.
constexpr std::size_t kUsualTextBytes = 480;
constexpr std::size_t kUsualCount = 12;

void blank_controls(std::span<char> value) {
  for (char& octet : value) {
    if (!is(octet, CharacterClass::FieldValue)) octet = ' ';
  }
}

}  // namespace

void Fields::add(Bytes name, Bytes value) {
  CARILLON_CHECK(is_token(name));
  value = trim_blanks(value);
  if (entries_.empty()) {
    text_.reserve(kUsualTextBytes);
    entries_.reserve(kUsualCount);
  }
  const std::size_t name_begin = text_.size();
  text_.append(name);
  const std::size_t value_begin = text_.size();
  text_.append(value);
  if (skip_field_value(value, 0) < value.size())
    blank_controls(std::span(text_).subspan(value_begin));
  entries_.push_back(
      {static_cast<std::uint32_t>(name_begin), static_cast<std::uint32_t>(name.size()),
       static_cast<std::uint32_t>(value_begin), static_cast<std::uint32_t>(value.size())});
}

/// Most names differ in length already.
bool Fields::is_named(const Entry& entry, Bytes name) const {
  return entry.name_length == name.size() && equal_ignoring_case(field_of(entry).name, name);
}

std::optional<Bytes> Fields::find(Bytes name) const {
  for (const Entry& entry : entries_) {
    if (is_named(entry, name)) return field_of(entry).value;
  }
  return std::nullopt;
}

std::size_t Fields::count(Bytes name) const {
  std::size_t found = 0;
  for (const Entry& entry : entries_) {
    if (is_named(entry, name)) ++found;
  }
  return found;
}

bool Fields::has_token(Bytes name, Bytes token) const {
  for (const Entry& entry : entries_) {
    if (!is_named(entry, name)) continue;
    ListReader members(field_of(entry).value);
    while (const auto member = members.next()) {
      if (equal_ignoring_case(*member, token)) return true;
    }
  }
  return false;
}

std::string Fields::combined(Bytes name, Bytes separator) const {
  std::string values;
  bool first = true;
  for (const Entry& entry : entries_) {
    if (!is_named(entry, name)) continue;
    if (!first) values.append(separator);
    first = false;
    values.append(field_of(entry).value);
  }
  return values;
}

}  // namespace carillon::http1
