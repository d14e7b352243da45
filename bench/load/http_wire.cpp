#include "load/http_wire.hpp"

#include <strings.h>

#include <algorithm>
#include <charconv>

namespace carillon::bench {
namespace {

bool same_name(std::string_view left, std::string_view right) {
  return left.size() == right.size() && ::strncasecmp(left.data(), right.data(), left.size()) == 0;
}

std::uint64_t number(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (result.ec != std::errc{}) throw WireError("not a number: " + std::string(text));
  return value;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

const std::string* ResponseHead::find(std::string_view name) const {
  for (const auto& [each, value] : fields) {
    if (same_name(each, name)) return &value;
  }
  return nullptr;
}

std::optional<ResponseHead> take_head(std::string_view& input) {
  const std::size_t end = input.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view rest = input.substr(0, end + 2);
  input.remove_prefix(end + 4);
  ResponseHead head;
  for (bool first = true; !rest.empty(); first = false) {
    const std::size_t line_end = rest.find("\r\n");
    const std::string_view line = rest.substr(0, line_end);
    rest.remove_prefix(line_end + 2);
    if (first) {
      if (!line.starts_with("HTTP/1.1 ")) throw WireError("not HTTP/1.1: " + std::string(line));
      head.status = static_cast<int>(number(line.substr(9, 3), 10));
    } else {
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos) throw WireError("no field: " + std::string(line));
      head.fields.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
    }
  }
  return head;
}

BodyReader::BodyReader(const ResponseHead& head) : state_(State::UntilClose) {
  if (const std::string* length = head.find("Content-Length")) {
    left_ = number(*length, 10);
    state_ = left_ > 0 ? State::Length : State::Complete;
  } else if (head.find("Transfer-Encoding") != nullptr) {
    state_ = State::ChunkSize;
  }
}

void BodyReader::read(std::string_view& input, std::string& out) {
  while (!input.empty() && step(input, out)) {
  }
}

bool BodyReader::step(std::string_view& input, std::string& out) {
  if (state_ == State::Complete) return false;
  if (state_ == State::ChunkSize || state_ == State::ChunkEnd) return take_chunk_size(input);
  const std::size_t size =
      state_ == State::UntilClose ? input.size() : std::min<std::size_t>(input.size(), left_);
  out.append(input.substr(0, size));
  input.remove_prefix(size);
  if (state_ == State::UntilClose) return true;
  left_ -= size;
  if (left_ == 0) state_ = state_ == State::Chunk ? State::ChunkEnd : State::Complete;
  return true;
}

/// A line: a chunk's size, or the empty one after a chunk.
bool BodyReader::take_chunk_size(std::string_view& input) {
  const std::size_t end = input.find('\n');
  line_.append(input.substr(0, end));
  input.remove_prefix(end == std::string_view::npos ? input.size() : end + 1);
  if (end == std::string_view::npos) return false;
  if (line_.ends_with('\r')) line_.pop_back();
  const std::string line = std::exchange(line_, {});
  if (state_ == State::ChunkEnd) {
    if (!line.empty()) throw WireError("a chunk does not end where it should");
    state_ = last_chunk_ ? State::Complete : State::ChunkSize;
    return true;
  }
  left_ = number(line, 16);
  last_chunk_ = left_ == 0;
  state_ = last_chunk_ ? State::ChunkEnd : State::Chunk;
  return true;
}

}  // namespace carillon::bench
