#include "protocol/sse/encode.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace carillon::sse {
namespace {

constexpr Bytes kLineBreaks = "\r\n";

/// One line for each line of `text`, however they end; one without content for an empty text.
void append_lines(std::string& out, Bytes prefix, Bytes text) {
  for (bool is_last = false; !is_last;) {
    const std::size_t end = text.find_first_of(kLineBreaks);
    out.append(prefix).append(text.substr(0, end)).push_back('\n');
    is_last = end == Bytes::npos;
    if (!is_last) text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
  }
}

}  // namespace

bool append_id(std::string& out, Bytes id) {
  if (id.find_first_of(Bytes("\0\r\n", 3)) != Bytes::npos) return false;
  out.append("id: ").append(id).push_back('\n');
  return true;
}

bool append_body(std::string& out, Bytes name, Bytes data) {
  if (name.find_first_of(kLineBreaks) != Bytes::npos) return false;
  if (!name.empty()) out.append("event: ").append(name).push_back('\n');
  append_lines(out, "data: ", data);
  out.push_back('\n');
  return true;
}

void append_retry(std::string& out, std::chrono::milliseconds wait) {
  std::array<char, 20> digits;
  const auto count = std::max<std::chrono::milliseconds::rep>(wait.count(), 0);
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), count);
  out.append("retry: ").append(digits.data(), end.ptr).append("\n\n");
}

void append_comment(std::string& out, Bytes text) {
  append_lines(out, ": ", text);
  out.push_back('\n');
}

}  // namespace carillon::sse
