#include "protocol/json/writer.hpp"

#include <algorithm>

#include "core/utf8.hpp"

namespace carillon::json {
namespace {

bool is_plain(char character) {
  return static_cast<unsigned char>(character) >= 0x20 && character != '"' && character != '\\';
}

void append_escape(std::string& out, char character) {
  static constexpr char kDigits[] = "0123456789abcdef";
  switch (character) {
    case '"':
      out.append("\\\"");
      return;
    case '\\':
      out.append("\\\\");
      return;
    case '\n':
      out.append("\\n");
      return;
    case '\r':
      out.append("\\r");
      return;
    case '\t':
      out.append("\\t");
      return;
    default:
      break;
  }
  out.append("\\u00");
  out.push_back(kDigits[static_cast<unsigned char>(character) >> 4]);
  out.push_back(kDigits[character & 15]);
}

}  // namespace

void append_string(std::string& out, Bytes text) {
  if (!is_utf8(text)) {
    append_string(out, to_utf8(text));
    return;
  }
  out.push_back('"');
  while (!text.empty()) {
    const auto stop = std::ranges::find_if_not(text, is_plain);
    const auto plain = static_cast<std::size_t>(stop - text.begin());
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    append_escape(out, text.front());
    text.remove_prefix(1);
  }
  out.push_back('"');
}

void compact_newlines(std::string& json) {
  std::ranges::replace_if(
      json, [](char character) { return character == '\r' || character == '\n'; }, ' ');
}

bool has_newlines(Bytes json) {
  // Not find_first_of: the library calls memchr for each octet there.
  return json.find('\n') != Bytes::npos || json.find('\r') != Bytes::npos;
}

ObjectWriter& ObjectWriter::text(Bytes key, Bytes value) {
  append_string(begin(key), value);
  return *this;
}

ObjectWriter& ObjectWriter::boolean(Bytes key, bool value) {
  return raw(key, value ? "true" : "false");
}

ObjectWriter& ObjectWriter::raw(Bytes key, Bytes json) {
  begin(key).append(json);
  return *this;
}

std::string& ObjectWriter::begin(Bytes key) {
  out_.push_back(separator_);
  separator_ = ',';
  out_.push_back('"');
  out_.append(key).append("\":");
  return out_;
}

std::string& ObjectWriter::begin_any(Bytes key) {
  out_.push_back(separator_);
  separator_ = ',';
  append_string(out_, key);
  out_.push_back(':');
  return out_;
}

void ObjectWriter::finish() {
  if (separator_ == '{') out_.push_back('{');
  out_.push_back('}');
}

}  // namespace carillon::json
