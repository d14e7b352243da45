#include "protocol/sse/parser.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace carillon::sse {
namespace {

constexpr Bytes kByteOrderMark = "\xEF\xBB\xBF";

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

/// Digits only; what no clock could wait for is as good as nothing.
std::optional<Output> read_retry(Bytes digits) {
  if (digits.empty() || !std::ranges::all_of(digits, is_digit)) return std::nullopt;
  std::int64_t wait = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), wait);
  if (read.ec != std::errc{}) return std::nullopt;
  return Retry{std::chrono::milliseconds(wait)};
}

void drop_space(Bytes& text) {
  if (text.starts_with(' ')) text.remove_prefix(1);
}

}  // namespace

Result<std::optional<Output>, ParseError> Parser::next(Bytes& input) {
  while (!error_ && !input.empty()) {
    if (std::exchange(after_cr_, false) && input.front() == '\n') input.remove_prefix(1);
    const std::size_t end = input.find_first_of("\r\n");
    const Bytes piece = input.substr(0, end);
    if (piece.size() > limits_.line_bytes - line_.size()) {
      error_ = ParseError::LineTooLong;
      break;
    }
    line_.append(piece);
    input.remove_prefix(piece.size());
    if (input.empty()) break;
    after_cr_ = input.front() == '\r';
    input.remove_prefix(1);
    std::optional<Output> output = on_line();
    line_.clear();
    if (output) return output;
  }
  if (error_) return std::unexpected(*error_);
  return std::optional<Output>();
}

void Parser::restart() {
  line_.clear();
  name_.clear();
  data_.clear();
  id_ = last_event_id_;
  at_start_ = true;
  after_cr_ = false;
  error_.reset();
}

std::optional<Output> Parser::on_line() {
  Bytes line = line_;
  if (std::exchange(at_start_, false) && line.starts_with(kByteOrderMark)) {
    line.remove_prefix(kByteOrderMark.size());
  }
  if (line.empty()) return dispatch();
  const std::size_t colon = line.find(':');
  Bytes value = colon == Bytes::npos ? Bytes{} : line.substr(colon + 1);
  drop_space(value);
  if (colon == 0) return Comment{std::string(value)};
  return on_field(line.substr(0, colon), value);
}

std::optional<Output> Parser::on_field(Bytes name, Bytes value) {
  if (name == "data") {
    // Each line of data ends in LF; the last one's goes when the event does.
    if (value.size() + 1 > limits_.data_bytes + 1 - data_.size()) {
      error_ = ParseError::DataTooLong;
      return std::nullopt;
    }
    data_.append(value).push_back('\n');
  } else if (name == "event") {
    name_ = value;
  } else if (name == "id") {
    if (value.find('\0') == Bytes::npos) id_ = value;
  } else if (name == "retry") {
    return read_retry(value);
  }
  return std::nullopt;
}

/// An event without data is none, but what it says of the id counts.
std::optional<Output> Parser::dispatch() {
  last_event_id_ = id_;
  std::string name = std::exchange(name_, {});
  std::string data = std::exchange(data_, {});
  if (data.empty()) return std::nullopt;
  data.pop_back();
  Event event{.data = std::move(data), .id = last_event_id_};
  if (!name.empty()) event.name = std::move(name);
  return event;
}

}  // namespace carillon::sse
