// Compressed messages of strangers: a stream of frames is read with permessage-deflate, with and
// without context. Nothing comes out beyond the limit, and the cuts of the stream do not matter.
// What came out is compressed and read again.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/check.hpp"
#include "core/utf8.hpp"
#include "protocol/websocket/message_deflate.hpp"

namespace {

using namespace carillon;
using namespace carillon::websocket;

struct Setting {
  DeflateParameters parameters;
  std::uint64_t limit_bytes = 0;
};

/// What happened, as octets that can be compared.
std::vector<std::string> run(const Setting& setting, Bytes octets, std::size_t piece_bytes) {
  DeflatePool pool(6);
  MessageDeflate deflate(setting.parameters, pool);
  Receiver receiver(Role::Client, {.max_message_bytes = setting.limit_bytes}, kReservedBit1);
  std::vector<char> buffer;
  std::vector<std::string> trace;
  while (!octets.empty()) {
    std::string piece(octets.substr(0, piece_bytes));
    octets.remove_prefix(piece.size());
    std::span<char> input(piece);
    while (true) {
      const auto event = receiver.next(input);
      if (!event) return trace;
      if (!*event) break;
      const auto* message = std::get_if<Message>(&**event);
      if (message == nullptr) continue;
      const auto said = deflate.inflate(*message, setting.limit_bytes, buffer);
      CARILLON_CHECK(buffer.size() <= setting.limit_bytes + 1);
      CARILLON_CHECK(buffer.capacity() <= setting.limit_bytes + 1);
      if (!said) {
        trace.push_back(std::string("error ").append(describe(said.error())));
        return trace;
      }
      CARILLON_CHECK(said->size() <= setting.limit_bytes);
      CARILLON_CHECK(message->opcode != Opcode::Text || is_utf8(*said));
      trace.emplace_back(*said);
    }
  }
  return trace;
}

void check_round_trip(const std::vector<std::string>& messages) {
  const DeflateParameters parameters{.server_context = Context::TakenOver,
                                     .client_context = Context::TakenOver};
  DeflatePool pool(1);
  MessageDeflate out(parameters, pool);
  MessageDeflate in(parameters, pool);
  Receiver receiver(Role::Client, {.max_message_bytes = 1 << 20}, kReservedBit1);
  std::vector<char> buffer;
  for (const std::string& text : messages) {
    std::string frame;
    out.append_frame(frame, Opcode::Binary, text);
    std::span<char> input(frame);
    const auto event = receiver.next(input);
    CARILLON_CHECK(event && *event);
    const auto said = in.inflate(std::get<Message>(**event), 1 << 20, buffer);
    CARILLON_CHECK(said && *said == text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Setting setting{
      .parameters = {.client_context = (data[0] & 1) != 0 ? Context::TakenOver : Context::Fresh,
                     .client_window_bits = (data[0] & 2) != 0 ? std::uint8_t{9} : std::uint8_t{15}},
      .limit_bytes = (data[0] & 4) != 0 ? 300U : 70'000U};
  const Bytes octets(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::vector<std::string> whole = run(setting, octets, octets.size() + 1);
  CARILLON_CHECK(run(setting, octets, 1) == whole);
  CARILLON_CHECK(run(setting, octets, 61) == whole);
  check_round_trip(whole);
  return 0;
}
