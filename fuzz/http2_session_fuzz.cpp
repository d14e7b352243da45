// Whatever a client sends, an HTTP/2 connection keeps to its limits, and means the same however it
// is cut. The first octet says how, and what is done with the requests.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/check.hpp"
#include "protocol/http2/session.hpp"

namespace {

using namespace carillon;
using namespace carillon::http2;

constexpr Settings kSettings{
    .streams = 8, .header_bytes = 2048, .extended_connect = ExtendedConnect::On};
constexpr std::size_t kWaitingBytes = 64 * 1024;

/// What the application does, by the number of the stream and the fuzzer's word.
void answer(Session& session, StreamId stream, std::uint8_t manner) {
  const std::vector<Field> fields = {{"content-type", "text/plain"}};
  switch ((manner + static_cast<unsigned>(stream) / 2) % 4) {
    case 0:
      session.respond(stream, 200, fields, AnswerBody::Follows);
      session.send(stream, SharedBytes(std::string(kWaitingBytes, 'x')));
      session.finish(stream);
      break;
    case 1:
      session.respond(stream, 204, fields, AnswerBody::None);
      break;
    case 2:
      session.reset(stream, ErrorCode::RefusedStream);
      break;
    default:
      session.respond(stream, 100, {}, AnswerBody::None);
      session.respond(stream, 200, fields, AnswerBody::Follows);
      session.send(stream, SharedBytes("open"));
      break;
  }
}

void check_head(const RequestHead& head) {
  std::size_t size = 0;
  for (const Field& field : head.fields) {
    CARILLON_CHECK(!field.name.empty());
    size += field.name.size() + field.value.size();
    const auto is_line_end = [](char octet) {
      return octet == '\r' || octet == '\n' || octet == 0;
    };
    CARILLON_CHECK(std::ranges::none_of(field.value, is_line_end));
  }
  CARILLON_CHECK(size <= kSettings.header_bytes);
}

struct Outcome {
  std::size_t heads = 0;
  std::size_t body_bytes = 0;
};

Outcome run(Bytes input, std::size_t piece, std::uint8_t manner) {
  Session session(kSettings);
  Outcome outcome;
  std::string out;
  while (!input.empty()) {
    const Bytes part = input.substr(0, piece);
    input.remove_prefix(part.size());
    const bool is_well = session.on_bytes(part, TimePoint{std::chrono::hours(1)}).has_value();
    while (auto event = session.poll()) {
      if (const auto* head = std::get_if<HeadReceived>(&*event)) {
        ++outcome.heads;
        check_head(head->head);
        answer(session, head->stream, manner);
      } else if (const auto* body = std::get_if<BodyReceived>(&*event)) {
        outcome.body_bytes += body->bytes.size();
        if (manner % 2 == 0) session.consume(body->stream, body->bytes.size());
      }
    }
    CARILLON_CHECK(session.open_streams() <= kSettings.streams);
    out.clear();
    session.produce(out, kWaitingBytes);
    if (!is_well) break;
  }
  session.go_away();
  session.produce(out, kWaitingBytes);
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::uint8_t manner = data[0];
  const Bytes input(reinterpret_cast<const char*>(data) + 1, size - 1);
  run(input, std::max<std::size_t>(1, input.size()), manner);
  run(input, 1 + manner % 7, manner);
  return 0;
}
