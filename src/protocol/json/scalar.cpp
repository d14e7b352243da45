#include "protocol/json/scalar.hpp"

#include <charconv>

namespace carillon::json {
namespace {

void append_utf8(std::string& out, unsigned code_point) {
  const auto tail = [&](unsigned shift) {
    out.push_back(static_cast<char>(0x80 | (code_point >> shift & 0x3F)));
  };
  if (code_point < 0x80) {
    out.push_back(static_cast<char>(code_point));
  } else if (code_point < 0x800) {
    out.push_back(static_cast<char>(0xC0 | code_point >> 6));
    tail(0);
  } else if (code_point < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | code_point >> 12));
    tail(6);
    tail(0);
  } else {
    out.push_back(static_cast<char>(0xF0 | code_point >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

/// Four hexadecimal digits from the front of `rest`.
unsigned take_hex(Bytes& rest) {
  unsigned value = 0;
  std::from_chars(rest.data(), rest.data() + 4, value, 16);
  rest.remove_prefix(4);
  return value;
}

/// One escape from the front of `rest`, whose backslash is gone.
void append_escape(std::string& out, Bytes& rest) {
  const char kind = rest.front();
  rest.remove_prefix(1);
  switch (kind) {
    case 'b':
      out.push_back('\b');
      return;
    case 'f':
      out.push_back('\f');
      return;
    case 'n':
      out.push_back('\n');
      return;
    case 'r':
      out.push_back('\r');
      return;
    case 't':
      out.push_back('\t');
      return;
    case 'u':
      break;
    default:
      out.push_back(kind);
      return;
  }
  unsigned code_point = take_hex(rest);
  if (code_point >= 0xD800 && code_point <= 0xDFFF) {
    rest.remove_prefix(2);  // the other half's `\u`; valid text holds pairs only
    code_point = 0x10000 + ((code_point & 0x3FF) << 10) + (take_hex(rest) & 0x3FF);
  }
  append_utf8(out, code_point);
}

}  // namespace

std::string decode_string(Bytes raw) {
  Bytes rest = raw.substr(1, raw.size() - 2);
  std::string text;
  text.reserve(rest.size());
  while (!rest.empty()) {
    const std::size_t plain = std::min(rest.find('\\'), rest.size());
    text.append(rest.substr(0, plain));
    rest.remove_prefix(plain);
    if (rest.empty()) break;
    rest.remove_prefix(1);
    append_escape(text, rest);
  }
  return text;
}

bool string_is(Bytes raw, Bytes text) {
  const Bytes inner = raw.substr(1, raw.size() - 2);
  if (inner == text) return inner.find('\\') == Bytes::npos;
  // An escape is never shorter than what it stands for.
  if (inner.size() <= text.size() || inner.find('\\') == Bytes::npos) return false;
  return decode_string(raw) == text;
}

std::optional<std::int64_t> read_integer(const Value& value, std::int64_t least,
                                         std::int64_t most) {
  if (value.kind != Kind::Number) return std::nullopt;
  const char* const end = value.raw.data() + value.raw.size();
  std::int64_t number = 0;
  const auto read = std::from_chars(value.raw.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  if (number < least || number > most) return std::nullopt;
  return number;
}

std::optional<bool> read_boolean(const Value& value) {
  if (value.kind != Kind::Boolean) return std::nullopt;
  return value.raw == "true";
}

}  // namespace carillon::json
