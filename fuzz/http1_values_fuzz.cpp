// The values of single fields: media types, ranges, dates, codings, tags.
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/check.hpp"
#include "protocol/http1/characters.hpp"
#include "protocol/http1/conditional.hpp"
#include "protocol/http1/content_coding.hpp"
#include "protocol/http1/date.hpp"
#include "protocol/http1/media_type.hpp"
#include "protocol/http1/parser.hpp"
#include "protocol/http1/range.hpp"

namespace {

using namespace carillon;
using namespace carillon::http1;

constexpr std::chrono::sys_seconds kNow{std::chrono::seconds(1'764'000'000)};
constexpr std::array kOffered{ContentCoding::Brotli, ContentCoding::Gzip};

void check_media_type(Bytes text) {
  const auto media = parse_media_type(text);
  if (!media) return;
  CARILLON_CHECK(is_token(media->type) && is_token(media->subtype));
  CARILLON_CHECK(media->parameter("charset").value_or("").size() <= text.size());
  CARILLON_CHECK(!(media->is_json() && media->is_form_urlencoded()));
}

void check_range(Bytes text, std::uint64_t size_bytes) {
  const RangeAnswer answer = resolve_range(text, size_bytes);
  const auto* range = std::get_if<ByteRange>(&answer);
  if (range == nullptr) return;
  CARILLON_CHECK(range->first <= range->last && range->last < size_bytes);
}

void check_date(Bytes text) {
  const auto date = parse_date(text, kNow);
  if (!date) return;
  CARILLON_CHECK(parse_date(format_date(*date), kNow) == date);
}

/// The text as the value of each conditional field of a request.
void check_conditions(Bytes text) {
  if (!consists_of(text, CharacterClass::FieldValue) || text.size() > 1000) return;
  std::string octets = "GET / HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1\r\n";
  for (const Bytes name : {"If-Match", "If-None-Match", "If-Modified-Since", "If-Range"}) {
    octets.append(name).append(": ").append(text).append("\r\n");
  }
  octets += "\r\n";
  const Limits limits;
  RequestParser parser(limits);
  Bytes input = octets;
  const auto event = parser.poll(input);
  CARILLON_CHECK(event && event->has_value());
  const RequestHead head = parser.take_head();
  const Validators current{"\"a\"", kNow};
  const Precondition outcome = evaluate_preconditions(head.method(), head.fields(), current, kNow);
  const bool applies = range_applies(head.method(), head.fields(), current, kNow);
  // A strong match satisfies the one and is found by the other.
  CARILLON_CHECK(outcome != Precondition::Proceed);
  CARILLON_CHECK(!applies || outcome == Precondition::NotModified || parse_date(text, kNow));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes text(reinterpret_cast<const char*>(data + 1), size - 1);
  check_media_type(text);
  check_range(text, data[0]);
  check_date(text);
  check_conditions(text);
  Fields fields;
  fields.add("Accept-Encoding", text);
  choose_coding(fields, kOffered);
  return 0;
}
