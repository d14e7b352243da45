// An event stream means the same however it is cut, and what it held can be sent again.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/check.hpp"
#include "protocol/sse/encode.hpp"
#include "protocol/sse/parser.hpp"

namespace {

using namespace carillon;
using namespace carillon::sse;

constexpr ParserLimits kLimits{.line_bytes = 64, .data_bytes = 128};

struct Reading {
  std::vector<Output> outputs;
  std::optional<ParseError> error;
  std::string last_event_id;
  bool operator==(const Reading&) const = default;
};

Reading read(Bytes stream, std::size_t piece_size) {
  Parser parser(kLimits);
  Reading reading;
  while (!stream.empty() && !reading.error) {
    Bytes piece = stream.substr(0, piece_size);
    stream.remove_prefix(piece.size());
    for (;;) {
      auto output = parser.next(piece);
      if (!output) reading.error = output.error();
      if (!output || !*output) break;
      reading.outputs.push_back(**std::move(output));
    }
  }
  reading.last_event_id = parser.last_event_id();
  return reading;
}

void check_event(const Event& event) {
  CARILLON_CHECK(event.data.size() <= kLimits.data_bytes);
  CARILLON_CHECK(event.data.find('\r') == std::string::npos);
  std::string stream;
  CARILLON_CHECK(append_id(stream, event.id));
  CARILLON_CHECK(append_body(stream, event.name, event.data));
  Parser parser;
  Bytes input = stream;
  const auto again = parser.next(input);
  CARILLON_CHECK(again && *again && std::get<Event>(**again) == event && input.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes stream(reinterpret_cast<const char*>(data), size);
  const Reading whole = read(stream, size + 1);
  CARILLON_CHECK(whole == read(stream, 1));
  CARILLON_CHECK(whole == read(stream, 7));
  for (const Output& output : whole.outputs) {
    if (const auto* event = std::get_if<Event>(&output)) check_event(*event);
  }
  return 0;
}
