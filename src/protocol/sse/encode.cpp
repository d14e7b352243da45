#include "protocol/sse/encode.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace carillon::sse {
namespace {

constexpr Bytes kLineBreaks = "\r\n";

/// One line for each line of `text`, however they end; one without content for an empty text.
/// Two searches side by side, each octet looked at once by either: find_first_of would call memchr
/// for each octet.
void append_lines(std::string& out, Bytes prefix, Bytes text) {
  std::size_t feed = text.find('\n');
  std::size_t carriage_return = text.find('\r');
  for (std::size_t begin = 0;;) {
    const std::size_t end = std::min(feed, carriage_return);
    out.append(prefix).append(text.substr(begin, end - begin)).push_back('\n');
    if (end == Bytes::npos) return;
    begin = end + (feed == end + 1 && carriage_return == end ? 2 : 1);
    if (feed < begin) feed = text.find('\n', begin);
    if (carriage_return < begin) carriage_return = text.find('\r', begin);
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
