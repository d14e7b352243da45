// The reader's side of Server-Sent Events: what a browser's EventSource does with the octets,
// for our own client and tests.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace carillon::sse {

/// `id` is the last event id, whether this event or an earlier one set it.
struct Event {
  std::string name = "message";
  std::string data;
  std::string id;
  bool operator==(const Event&) const = default;
};

/// Means nothing, but shows that the stream lives.
struct Comment {
  std::string text;
  bool operator==(const Comment&) const = default;
};

/// The server's wish for the time before a reconnect.
struct Retry {
  std::chrono::milliseconds wait{0};
  bool operator==(const Retry&) const = default;
};

using Output = std::variant<Event, Comment, Retry>;

enum class ParseError : std::uint8_t {
  LineTooLong,
  DataTooLong,  // the `data:` lines of one event together
};

struct ParserLimits {
  std::size_t line_bytes = 1 << 20;
  std::size_t data_bytes = 4 << 20;
};

/// Reads an event stream in whatever pieces it arrives. Octets that are not UTF-8 pass as they are.
/// Source: WHATWG HTML §9.2.6 (interpreting an event stream).
class Parser {
 public:
  explicit Parser(ParserLimits limits = {}) : limits_(limits) {}

  /// Consumes octets from the front of `input` until something is complete, or all of them.
  /// Shape:  the next output; empty when `input` is used up and more is needed.
  /// Errors: the first is final.
  Result<std::optional<Output>, ParseError> next(Bytes& input);

  /// For the header `Last-Event-ID` of a reconnect: the id of the last event that was dispatched.
  const std::string& last_event_id() const { return last_event_id_; }

  /// A new connection begins: what was incomplete is dropped, the last event id stays.
  void restart();

 private:
  std::optional<Output> on_line();
  std::optional<Output> on_field(Bytes name, Bytes value);
  std::optional<Output> dispatch();

  ParserLimits limits_;
  std::string line_;
  std::string name_;
  std::string data_;
  std::string id_;             // set by the lines of the event in progress
  std::string last_event_id_;  // of the last dispatch
  bool at_start_ = true;       // a byte order mark may come
  bool after_cr_ = false;      // an LF belongs to the line end before it
  std::optional<ParseError> error_;
};

}  // namespace carillon::sse
