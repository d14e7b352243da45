// However a stream of octets is cut, the receiver must tell the same events and the same
// error, and none that breaks a promise of its header.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/check.hpp"
#include "core/utf8.hpp"
#include "protocol/websocket/receiver.hpp"

namespace {

using namespace carillon;
using namespace carillon::websocket;

struct Setting {
  Role role = Role::Server;
  Limits limits;
  ReservedBits allowed = kNoReservedBits;
};

/// What happened, as octets that can be compared.
std::string trace_of(const Event& event, const Setting& setting) {
  const auto tagged = [](char tag, Bytes payload) { return std::string(1, tag).append(payload); };
  if (const auto* message = std::get_if<Message>(&event)) {
    CARILLON_CHECK(message->payload.size() <= setting.limits.max_message_bytes);
    CARILLON_CHECK((message->reserved_bits & ~setting.allowed) == 0);
    const bool is_text = message->opcode == Opcode::Text;
    CARILLON_CHECK(is_text || message->opcode == Opcode::Binary);
    const bool is_checked = is_text && message->reserved_bits == kNoReservedBits;
    CARILLON_CHECK(!is_checked || is_utf8(message->payload));
    return tagged(is_text ? 't' : 'b', message->payload) +
           static_cast<char>(message->reserved_bits);
  }
  if (const auto* close = std::get_if<Close>(&event)) {
    CARILLON_CHECK(close->code == CloseCode::NoStatus || may_stand_in_frame(close->code));
    CARILLON_CHECK(parse_close_payload(close_payload(close->code, close->reason))->code ==
                   close->code);
    CARILLON_CHECK(is_utf8(close->reason) && close->reason.size() <= kMaxCloseReasonBytes);
    return tagged('c', close->reason) + std::to_string(static_cast<unsigned>(close->code));
  }
  const auto* ping = std::get_if<Ping>(&event);
  const Bytes payload = ping != nullptr ? ping->payload : std::get<Pong>(event).payload;
  CARILLON_CHECK(payload.size() <= kMaxControlPayloadBytes);
  return tagged(ping != nullptr ? 'i' : 'o', payload);
}

/// Feeds the octets in pieces of `1 … most_bytes`; the octets themselves say how long each is.
std::vector<std::string> run(const Setting& setting, Bytes octets, std::size_t most_bytes) {
  Receiver receiver(setting.role, setting.limits, setting.allowed);
  std::vector<std::string> trace;
  while (!octets.empty()) {
    const std::size_t size = 1 + static_cast<unsigned char>(octets.back()) % most_bytes;
    const Bytes piece = octets.substr(0, most_bytes == 1 ? 1 : size);
    octets.remove_prefix(piece.size());
    std::vector<char> copy(piece.begin(), piece.end());
    std::span<char> input(copy);
    while (true) {
      const std::size_t before = input.size();
      const auto event = receiver.next(input);
      if (!event) {
        trace.push_back("error " + std::to_string(static_cast<unsigned>(event.error())));
        CARILLON_CHECK(!receiver.has_partial_input());
        CARILLON_CHECK(receiver.next(input).error() == event.error());
        return trace;
      }
      if (!*event) break;
      CARILLON_CHECK(input.size() < before);
      trace.push_back(trace_of(**event, setting));
    }
    CARILLON_CHECK(input.empty());
  }
  return trace;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Setting setting{
      .role = (data[0] & 1) != 0 ? Role::Client : Role::Server,
      .limits = {.max_message_bytes = (data[0] & 2) != 0 ? 300U : 70'000U,
                 .max_fragments = (data[0] & 4) != 0 ? 3U : 1000U},
      .allowed = (data[0] & 8) != 0 ? kReservedBit1 : kNoReservedBits,
  };
  const Bytes octets(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::vector<std::string> whole = run(setting, octets, 1);
  for (const std::size_t most_bytes : {7U, 61U, 256U}) {
    CARILLON_CHECK(run(setting, octets, most_bytes) == whole);
  }
  return 0;
}
