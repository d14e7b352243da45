#include "protocol/http1/chunk_extension.hpp"

#include "protocol/http1/characters.hpp"

namespace carillon::http1 {
namespace {

std::unexpected<ParseError> refuse(char octet) {
  return std::unexpected(octet == '\n' ? ParseError::BareLineFeed
                                       : ParseError::InvalidChunkExtension);
}

}  // namespace

Result<bool, ParseError> ChunkExtension::feed(char octet) {
  switch (state_) {
    case State::BeforeName:
    case State::BeforeValue:
      return before_word(octet);
    case State::Name:
    case State::Value:
      if (is(octet, CharacterClass::Token)) return false;
      [[fallthrough]];
    case State::Begin:
    case State::AfterQuoted:
    case State::AfterName:
    case State::BeforeSemicolon:
      return after_word(octet);
    case State::Quoted:
    case State::QuotedPair:
      break;
  }
  return in_quotes(octet);
}

Result<bool, ParseError> ChunkExtension::before_word(char octet) {
  if (is_blank(octet)) return false;
  if (octet == '"' && state_ == State::BeforeValue) {
    state_ = State::Quoted;
    return false;
  }
  if (!is(octet, CharacterClass::Token)) return refuse(octet);
  state_ = state_ == State::BeforeName ? State::Name : State::Value;
  return false;
}

Result<bool, ParseError> ChunkExtension::after_word(char octet) {
  const bool after_name = state_ == State::Name || state_ == State::AfterName;
  const bool after_blank = state_ == State::AfterName || state_ == State::BeforeSemicolon;
  if (octet == '\r' && !after_blank) return true;
  if (is_blank(octet)) {
    state_ = after_name ? State::AfterName : State::BeforeSemicolon;
  } else if (octet == ';') {
    state_ = State::BeforeName;
  } else if (octet == '=' && after_name) {
    state_ = State::BeforeValue;
  } else {
    return refuse(octet);
  }
  return false;
}

/// Source: RFC 9110 §5.6.4.
Result<bool, ParseError> ChunkExtension::in_quotes(char octet) {
  if (!is(octet, CharacterClass::FieldValue)) {
    if (octet == '\r') return std::unexpected(ParseError::BareCarriageReturn);
    return refuse(octet);
  }
  if (state_ == State::QuotedPair) {
    state_ = State::Quoted;
  } else if (octet == '\\') {
    state_ = State::QuotedPair;
  } else if (octet == '"') {
    state_ = State::AfterQuoted;
  }
  return false;
}

}  // namespace carillon::http1
