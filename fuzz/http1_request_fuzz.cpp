// The request parser against itself: the same octets whole, octet by octet and cut elsewhere must
// give the same requests; and what it accepted must survive being written and read again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/check.hpp"
#include "protocol/http1/characters.hpp"
#include "protocol/http1/parser.hpp"
#include "protocol/http1/request_writer.hpp"
#include "protocol/http1/response.hpp"

namespace {

using namespace carillon;
using namespace carillon::http1;

constexpr std::uint64_t kBodyLimit = 300;
constexpr Limits kLimits{.method_bytes = 16,
                         .target_bytes = 100,
                         .field_count = 8,
                         .header_bytes = 200,
                         .trailer_bytes = 50,
                         .chunk_extension_bytes = 30,
                         .leading_empty_lines = 2};

struct Request {
  RequestHead head;
  std::string body;
  bool complete = false;
};

struct Outcome {
  std::vector<Request> requests;
  int error = -1;
};

void check_head(const RequestHead& head) {
  CARILLON_CHECK(is_token(head.method()));
  CARILLON_CHECK(head.method().size() <= kLimits.method_bytes);
  CARILLON_CHECK(head.target().size() <= kLimits.target_bytes);
  CARILLON_CHECK(head.fields().size() <= kLimits.field_count);
  CARILLON_CHECK(head.version() == Version::Http10 || head.fields().count("host") == 1);
  CARILLON_CHECK(head.version() == Version::Http10 || !head.authority().empty());
  CARILLON_CHECK(head.fields().count("content-length") <= 1);
  const bool chunked = head.framing() == Framing::chunked();
  CARILLON_CHECK(chunked == head.fields().has("transfer-encoding"));
  CARILLON_CHECK(!chunked || !head.fields().has("content-length"));
  for (std::size_t index = 0; index < head.fields().size(); ++index) {
    CARILLON_CHECK(is_token(head.fields().at(index).name));
    const Bytes value = head.fields().at(index).value;
    CARILLON_CHECK(consists_of(value, CharacterClass::FieldValue));
    CARILLON_CHECK(trim_blanks(value) == value);
  }
}

void feed(RequestParser& parser, Bytes piece, Outcome& outcome) {
  while (outcome.error < 0) {
    const auto event = parser.poll(piece);
    if (!event) {
      outcome.error = static_cast<int>(event.error());
    } else if (!event->has_value()) {
      CARILLON_CHECK(piece.empty());
      return;
    } else if (std::holds_alternative<HeadComplete>(**event)) {
      outcome.requests.push_back({parser.take_head(), "", false});
      check_head(outcome.requests.back().head);
      parser.limit_body(kBodyLimit);
    } else if (const auto* body = std::get_if<BodyPiece>(&**event)) {
      CARILLON_CHECK(!body->bytes.empty());
      outcome.requests.back().body.append(body->bytes);
      CARILLON_CHECK(outcome.requests.back().body.size() <= kBodyLimit);
    } else {
      outcome.requests.back().complete = true;
    }
  }
}

Outcome read(Bytes octets, std::size_t piece_bytes) {
  Outcome outcome;
  RequestParser parser(kLimits);
  while (!octets.empty()) {
    const Bytes piece = octets.substr(0, piece_bytes);
    feed(parser, piece, outcome);
    octets.remove_prefix(piece.size());
  }
  return outcome;
}

void check_same(const Outcome& left, const Outcome& right) {
  CARILLON_CHECK(left.error == right.error);
  CARILLON_CHECK(left.requests.size() == right.requests.size());
  for (std::size_t index = 0; index < left.requests.size(); ++index) {
    const Request& one = left.requests[index];
    const Request& other = right.requests[index];
    CARILLON_CHECK(one.complete == other.complete && one.body == other.body);
    CARILLON_CHECK(one.head.method() == other.head.method());
    CARILLON_CHECK(one.head.target() == other.head.target());
    CARILLON_CHECK(one.head.authority() == other.head.authority());
    CARILLON_CHECK(one.head.path() == other.head.path());
    CARILLON_CHECK(one.head.framing() == other.head.framing());
    CARILLON_CHECK(one.head.fields().size() == other.head.fields().size());
    for (std::size_t at = 0; at < one.head.fields().size(); ++at) {
      CARILLON_CHECK(one.head.fields().at(at).name == other.head.fields().at(at).name);
      CARILLON_CHECK(one.head.fields().at(at).value == other.head.fields().at(at).value);
    }
  }
}

void check_written_again(const Request& request) {
  const RequestHead& head = request.head;
  if (!request.complete || head.version() == Version::Http10) return;
  std::string octets;
  append_request_head(octets, {head.method(), head.target()}, head.fields(), head.framing());
  if (head.framing() == Framing::chunked()) {
    append_chunk(octets, request.body);
    append_last_chunk(octets);
  } else {
    octets += request.body;
  }
  Outcome again = read(octets, octets.size());
  // Blanks that were trimmed come back as one, and may break a limit that held before.
  if (again.error == static_cast<int>(ParseError::HeaderTooLarge)) return;
  CARILLON_CHECK(again.error < 0 && again.requests.size() == 1 && again.requests[0].complete);
  CARILLON_CHECK(again.requests[0].body == request.body);
  CARILLON_CHECK(again.requests[0].head.authority() == head.authority());
  CARILLON_CHECK(again.requests[0].head.framing() == head.framing());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes octets(reinterpret_cast<const char*>(data), size);
  const Outcome whole = read(octets, std::max<std::size_t>(size, 1));
  check_same(whole, read(octets, 1));
  check_same(whole, read(octets, 1 + size % 13));
  for (const Request& request : whole.requests) check_written_again(request);
  return 0;
}
