#include "protocol/json/scanner.hpp"

#include <cstdint>
#include <cstring>
#include <span>

#include "core/utf8.hpp"
#include "protocol/json/scalar.hpp"

namespace carillon::json {
namespace {

constexpr std::size_t kUsualDepth = 64;
constexpr std::size_t kUsualKeys = 64;

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}
bool is_space(char character) {
  return character == ' ' || character == '\n' || character == '\r' || character == '\t';
}
Kind kind_of(Bytes value) {
  switch (value.front()) {
    case '{':
      return Kind::Object;
    case '[':
      return Kind::Array;
    case '"':
      return Kind::String;
    case 't':
    case 'f':
      return Kind::Boolean;
    case 'n':
      return Kind::Null;
    default:
      return Kind::Number;
  }
}
unsigned octet(char character) {
  return static_cast<unsigned char>(character);
}

/// Whether no octet of the word needs a look: no quote, backslash, control or non-ASCII one.
/// The subtractions may blame an octet for its neighbour, but never miss one.
bool is_plain(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
  const std::uint64_t quote = (word ^ kOnes * '"') - kOnes;
  const std::uint64_t backslash = (word ^ kOnes * '\\') - kOnes;
  const std::uint64_t control = word - kOnes * 0x20;
  return ((quote | backslash | control | word) & kOnes * 0x80) == 0;
}

bool is_plain(char character) {
  return octet(character) - 0x20U < 0x60 && character != '"' && character != '\\';
}

}  // namespace

Scanner::Scanner(Bytes text, const Limits& limits)
    : text_(text),
      limits_(limits),
      memory_(buffer_.data(), buffer_.size()),
      frames_(&memory_),
      keys_(&memory_) {
  static_assert(kUsualDepth * sizeof(Frame) + kUsualKeys * sizeof(PlacedKey) <= sizeof buffer_);
  frames_.reserve(kUsualDepth);
  keys_.reserve(kUsualKeys);
}

Result<void, Error> Scanner::run(std::vector<Member>* listed) {
  listed_ = listed;
  if (text_.starts_with("\xEF\xBB\xBF")) return fail(ErrorKind::ByteOrderMark);
  Next next = Next::Value;
  while (next == Next::Value) {
    skip_space();
    if (frames_.size() == 1) listed_from_ = at_;
    next = TRY(scan_value());
  }
  skip_space();
  if (!at_end()) return fail(ErrorKind::TrailingData);
  return {};
}

Result<Scanner::Next, Error> Scanner::scan_value() {
  if (at_end()) return fail(ErrorKind::UnexpectedEnd);
  switch (current()) {
    case '{':
      return open(Container::Object);
    case '[':
      return open(Container::Array);
    case '"':
      TRY(scan_string());
      break;
    case 't':
      TRY(scan_literal("true"));
      break;
    case 'f':
      TRY(scan_literal("false"));
      break;
    case 'n':
      TRY(scan_literal("null"));
      break;
    default:
      if (current() != '-' && !is_digit(current())) return fail(ErrorKind::ValueExpected);
      TRY(scan_number());
  }
  return after_value();
}

Result<Scanner::Next, Error> Scanner::open(Container container) {
  if (frames_.size() == limits_.depth) return fail(ErrorKind::TooDeep);
  ++at_;
  frames_.push_back({container, keys_.size()});
  skip_space();
  if (take(container == Container::Object ? '}' : ']')) {
    frames_.pop_back();
    return after_value();
  }
  if (container == Container::Object) TRY(scan_key());
  return Next::Value;
}

/// Closes whatever ends here, up to the next value or the end of the outermost one.
Result<Scanner::Next, Error> Scanner::after_value() {
  while (!frames_.empty()) {
    if (frames_.size() == 1) TRY(list_value());
    skip_space();
    const bool in_object = frames_.back().container == Container::Object;
    if (take(',')) {
      skip_space();
      if (in_object) TRY(scan_key());
      return Next::Value;
    }
    if (!take(in_object ? '}' : ']')) return fail(ErrorKind::CommaExpected);
    TRY(close());
  }
  return Next::End;
}

/// Leaves a container, whose keys must differ.
Result<void, Error> Scanner::close() {
  const std::size_t first_key = frames_.back().first_key;
  if (const auto repeated = find_repeated_key(std::span(keys_).subspan(first_key))) {
    return fail(ErrorKind::DuplicateKey, *repeated);
  }
  keys_.resize(first_key);
  frames_.pop_back();
  return {};
}

Result<void, Error> Scanner::scan_key() {
  const std::size_t from = at_;
  if (at_end() || current() != '"') return fail(ErrorKind::KeyExpected);
  TRY(scan_string());
  const Bytes raw = text_.substr(from, at_ - from);
  const Bytes inner = raw.substr(1, raw.size() - 2);
  keys_.push_back({escaped_ ? keep(decode_string(raw)) : inner, from});
  if (frames_.size() == 1) listed_key_ = raw;
  skip_space();
  if (!take(':')) return fail(ErrorKind::ColonExpected);
  return {};
}

Result<void, Error> Scanner::scan_string() {
  escaped_ = false;
  for (++at_;;) {
    skip_plain();
    if (at_end()) return fail(ErrorKind::UnexpectedEnd);
    if (take('"')) return {};
    if (current() == '\\') {
      escaped_ = true;
      TRY(scan_escape());
    } else if (octet(current()) < 0x20) {
      return fail(ErrorKind::ControlCharacter);
    } else {
      TRY(scan_utf8());
    }
  }
}

Result<void, Error> Scanner::scan_escape() {
  const std::size_t from = at_++;
  if (at_end()) return fail(ErrorKind::UnexpectedEnd);
  const char kind = text_[at_++];
  if (kind != 'u') {
    if (Bytes("\"\\/bfnrt").find(kind) == Bytes::npos) return fail(ErrorKind::BadEscape, from);
    return {};
  }
  const unsigned first = TRY(scan_hex());
  if (first < 0xD800 || first > 0xDFFF) return {};
  if (first > 0xDBFF) return fail(ErrorKind::LoneSurrogate, from);
  if (!take('\\') || !take('u')) return fail(ErrorKind::LoneSurrogate, at_end() ? at_ : from);
  const unsigned second = TRY(scan_hex());
  if (second < 0xDC00 || second > 0xDFFF) return fail(ErrorKind::LoneSurrogate, from);
  return {};
}

Result<unsigned, Error> Scanner::scan_hex() {
  unsigned value = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    if (at_end()) return fail(ErrorKind::UnexpectedEnd);
    const char lower = static_cast<char>(current() | 0x20);
    if (is_digit(current())) {
      value = value << 4 | static_cast<unsigned>(current() - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      value = value << 4 | static_cast<unsigned>(lower - 'a' + 10);
    } else {
      return fail(ErrorKind::BadEscape);
    }
  }
  return value;
}

/// A run of non-ASCII octets: an ASCII one ends it, so it must hold whole characters.
Result<void, Error> Scanner::scan_utf8() {
  const std::size_t from = at_;
  while (!at_end() && octet(current()) >= 0x80) ++at_;
  Utf8Validator validator;
  const bool is_valid = validator.feed(text_.substr(from, at_ - from));
  if (!is_valid || (!validator.complete() && !at_end())) return fail(ErrorKind::BadUtf8, from);
  return {};
}

Result<void, Error> Scanner::scan_number() {
  take('-');
  if (!take('0')) TRY(scan_digits());
  if (take('.')) TRY(scan_digits());
  if (take('e') || take('E')) {
    if (!take('+')) take('-');
    TRY(scan_digits());
  }
  // A digit can only be left after a leading zero.
  if (!at_end() && is_digit(current())) return fail(ErrorKind::BadNumber);
  return {};
}

/// One digit at least.
Result<void, Error> Scanner::scan_digits() {
  if (at_end()) return fail(ErrorKind::UnexpectedEnd);
  if (!is_digit(current())) return fail(ErrorKind::BadNumber);
  while (!at_end() && is_digit(current())) ++at_;
  return {};
}

Result<void, Error> Scanner::scan_literal(Bytes literal) {
  for (const char expected : literal) {
    if (!take(expected)) return fail(ErrorKind::BadLiteral);
  }
  return {};
}

/// Over the octets of a string that stand for themselves, a word at a time.
void Scanner::skip_plain() {
  for (; at_ + sizeof(std::uint64_t) <= text_.size(); at_ += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text_.data() + at_, sizeof word);
    if (!is_plain(word)) break;
  }
  while (!at_end() && is_plain(current())) ++at_;
}

void Scanner::skip_space() {
  while (!at_end() && is_space(current())) ++at_;
}

Result<void, Error> Scanner::list_value() {
  if (listed_ == nullptr) return {};
  if (listed_->size() == limits_.items) return fail(ErrorKind::TooMany, listed_from_);
  const Bytes raw = text_.substr(listed_from_, at_ - listed_from_);
  listed_->push_back({listed_key_, {raw, kind_of(raw)}});
  return {};
}

/// A copy for as long as this scanner lives.
Bytes Scanner::keep(Bytes key) {
  if (key.empty()) return {};
  auto* copy = static_cast<char*>(memory_.allocate(key.size(), 1));
  std::memcpy(copy, key.data(), key.size());
  return {copy, key.size()};
}

bool Scanner::take(char expected) {
  if (at_end() || current() != expected) return false;
  ++at_;
  return true;
}

std::unexpected<Error> Scanner::fail(ErrorKind kind, std::size_t offset) const {
  const bool is_over = offset == text_.size();
  return std::unexpected(Error{is_over ? ErrorKind::UnexpectedEnd : kind, offset});
}

}  // namespace carillon::json
