#include "protocol/http1/field_reader.hpp"

#include "protocol/http1/characters.hpp"

namespace carillon::http1 {
namespace {

/// Room for the fields of an ordinary request without growing.
constexpr std::size_t kUsualFieldCount = 12;

}  // namespace

Result<bool, ParseError> FieldReader::read(Bytes& input, Fields* fields, SectionLimits limits) {
  const Bytes window = input.substr(0, limits.bytes - bytes_);
  std::size_t at = 0;
  while (at < window.size() && state_ != State::Complete) {
    const auto step = read_some(window, at, fields, limits.field_count);
    if (!step) return std::unexpected(step.error());
  }
  const bool complete = state_ == State::Complete;
  if (!complete && at < input.size()) return std::unexpected(ParseError::HeaderTooLarge);
  bytes_ += static_cast<std::uint32_t>(at);
  if (fields != nullptr) {
    fields->text_.append(input.substr(0, at));
    if (complete) trim_values(*fields);
  }
  input.remove_prefix(at);
  return complete;
}

Result<void, ParseError> FieldReader::read_some(Bytes window, std::size_t& at, Fields* fields,
                                                std::size_t limit_count) {
  const std::size_t base = fields == nullptr ? 0 : fields->text_.size();
  if (state_ == State::Name) at = skip(window, at, window.size(), CharacterClass::Token);
  if (state_ == State::Value) at = skip_field_value(window, at);
  if (at == window.size()) return {};
  const char octet = window[at];
  const std::size_t position = base + at++;
  switch (state_) {
    case State::LineStart:
      return on_line_start(octet, position, limit_count);
    case State::Name:
      return on_name_end(octet, position);
    case State::Value:
      return on_value_end(octet, position, fields);
    case State::ValueEnd:
      return on_line_feed(octet, State::LineStart);
    case State::SectionEnd:
    case State::Complete:
      break;
  }
  return on_line_feed(octet, State::Complete);
}

Result<void, ParseError> FieldReader::on_line_start(char octet, std::size_t position,
                                                    std::size_t limit) {
  if (octet == '\r') {
    state_ = State::SectionEnd;
    return {};
  }
  if (octet == '\n') return std::unexpected(ParseError::BareLineFeed);
  if (octet == ':') return std::unexpected(ParseError::EmptyFieldName);
  if (is_blank(octet)) {
    return std::unexpected(count_ == 0 ? ParseError::LeadingWhitespace
                                       : ParseError::ObsoleteFolding);
  }
  if (!is(octet, CharacterClass::Token)) return std::unexpected(ParseError::InvalidFieldName);
  if (count_ == limit) return std::unexpected(ParseError::TooManyFields);
  ++count_;
  name_begin_ = static_cast<std::uint32_t>(position);
  state_ = State::Name;
  return {};
}

Result<void, ParseError> FieldReader::on_name_end(char octet, std::size_t position) {
  if (octet == ':') {
    name_length_ = static_cast<std::uint32_t>(position) - name_begin_;
    state_ = State::Value;
    return {};
  }
  if (octet == '\n') return std::unexpected(ParseError::BareLineFeed);
  if (octet == '\r') return std::unexpected(ParseError::MissingColon);
  if (is_blank(octet)) return std::unexpected(ParseError::WhitespaceBeforeColon);
  return std::unexpected(ParseError::InvalidFieldName);
}

Result<void, ParseError> FieldReader::on_value_end(char octet, std::size_t position,
                                                   Fields* fields) {
  if (octet == '\n') return std::unexpected(ParseError::BareLineFeed);
  if (octet != '\r') return std::unexpected(ParseError::InvalidFieldValue);
  state_ = State::ValueEnd;
  if (fields == nullptr) return {};
  if (fields->entries_.empty()) fields->entries_.reserve(kUsualFieldCount);
  const std::uint32_t value_begin = name_begin_ + name_length_ + 1;
  fields->entries_.push_back(
      {name_begin_, name_length_, value_begin, static_cast<std::uint32_t>(position) - value_begin});
  return {};
}

Result<void, ParseError> FieldReader::on_line_feed(char octet, State next) {
  if (octet != '\n') return std::unexpected(ParseError::BareCarriageReturn);
  state_ = next;
  return {};
}

void FieldReader::trim_values(Fields& fields) {
  const Bytes text = fields.text_;
  for (Fields::Entry& entry : fields.entries_) {
    const Bytes whole = text.substr(entry.value_begin, entry.value_length);
    const Bytes trimmed = trim_blanks(whole);
    entry.value_begin += static_cast<std::uint32_t>(trimmed.data() - whole.data());
    entry.value_length = static_cast<std::uint32_t>(trimmed.size());
  }
}

}  // namespace carillon::http1
