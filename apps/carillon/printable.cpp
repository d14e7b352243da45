#include "apps/carillon/printable.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <iterator>

#include "core/utf8.hpp"
#include "protocol/json/object.hpp"
#include "protocol/json/scalar.hpp"

namespace carillon::app {
namespace {

/// Octets of the control character at the front of UTF-8 text; 0 where another one stands there.
std::size_t control_bytes(Bytes text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x20 || first == 0x7F) return 1;
  if (first != 0xC2 || text.size() < 2) return 0;
  return static_cast<unsigned char>(text[1]) < 0xA0 ? 2 : 0;  // U+0080–U+009F
}

/// Calls `on_control(octets)` for each control character and copies everything else.
template <class OnControl>
void replace_controls(Bytes text, std::string& out, OnControl on_control) {
  while (!text.empty()) {
    const std::size_t size = control_bytes(text);
    if (size == 0) {
      out.push_back(text[0]);
      text.remove_prefix(1);
    } else {
      on_control(text.substr(0, size));
      text.remove_prefix(size);
    }
  }
}

}  // namespace

std::string printable(Bytes text) {
  const std::string utf8 = to_utf8(text);
  std::string out;
  replace_controls(utf8, out, [&](Bytes) { out.push_back(' '); });
  return out;
}

std::string printable_json(Bytes json) {
  std::string out;
  replace_controls(json, out, [&](Bytes control) {
    const auto code = static_cast<unsigned char>(control.back());
    if (code < 0x20) {
      out.push_back(' ');  // a tab between tokens
    } else {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", code);
    }
  });
  return out;
}

std::string data_line(Bytes json) {
  if (!json.starts_with('"')) return printable_json(json);
  std::string text = json::decode_string(json);
  bool has_controls = false;
  std::string shown;
  replace_controls(text, shown, [&](Bytes) { has_controls = true; });
  return has_controls ? printable_json(json) : text;
}

}  // namespace carillon::app
