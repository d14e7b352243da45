// The response parser against itself: the same octets whole and cut must give the same responses.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/check.hpp"
#include "protocol/http1/response_parser.hpp"

namespace {

using namespace carillon;
using namespace carillon::http1;

constexpr std::uint64_t kBodyLimit = 300;
constexpr Limits kLimits{
    .field_count = 8, .header_bytes = 200, .trailer_bytes = 50, .chunk_extension_bytes = 30};
constexpr std::array<Bytes, 3> kMethods{"GET", "HEAD", "CONNECT"};

struct Outcome {
  std::string transcript;
  std::size_t responses = 0;
  int error = -1;
};

void on_head(ResponseParser& parser, Outcome& outcome) {
  const ResponseHead head = parser.take_head();
  CARILLON_CHECK(head.status >= 100 && head.status <= 999);
  CARILLON_CHECK(head.status >= 200 || head.status == 101);
  CARILLON_CHECK(head.fields.size() <= kLimits.field_count);
  outcome.transcript += "head " + std::to_string(head.status);
  for (std::size_t index = 0; index < head.fields.size(); ++index) {
    const Field field = head.fields.at(index);
    outcome.transcript.append("<").append(field.name).append("=").append(field.value).append(">");
  }
  parser.limit_body(kBodyLimit);
}

/// One event of the parser, or of the connection's end.
bool note(const Result<std::optional<Event>, ParseError>& event, ResponseParser& parser,
          Bytes method, Outcome& outcome) {
  if (!event) {
    outcome.error = static_cast<int>(event.error());
    return false;
  }
  if (!event->has_value()) return false;
  if (std::holds_alternative<HeadComplete>(**event)) {
    on_head(parser, outcome);
  } else if (const auto* body = std::get_if<BodyPiece>(&**event)) {
    CARILLON_CHECK(!body->bytes.empty());
    outcome.transcript.append(body->bytes);
  } else {
    outcome.transcript += " end\n";
    ++outcome.responses;
    parser.expect(method);
  }
  return true;
}

Outcome read(Bytes octets, std::size_t piece_bytes, Bytes method) {
  Outcome outcome;
  ResponseParser parser(kLimits);
  parser.expect(method);
  while (!octets.empty() && outcome.error < 0) {
    Bytes piece = octets.substr(0, piece_bytes);
    octets.remove_prefix(piece.size());
    while (note(parser.poll(piece), parser, method, outcome)) {
    }
    CARILLON_CHECK(piece.empty() || outcome.error >= 0);
  }
  if (outcome.error < 0) note(parser.on_end(), parser, method, outcome);
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes method = kMethods[data[0] % kMethods.size()];
  const Bytes octets(reinterpret_cast<const char*>(data + 1), size - 1);
  const Outcome whole = read(octets, std::max<std::size_t>(size, 1), method);
  for (const std::size_t piece_bytes : {std::size_t{1}, 1 + size % 13}) {
    const Outcome cut = read(octets, piece_bytes, method);
    CARILLON_CHECK(cut.transcript == whole.transcript);
    CARILLON_CHECK(cut.error == whole.error && cut.responses == whole.responses);
  }
  return 0;
}
