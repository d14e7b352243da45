#include "load/socketio_wire.hpp"

#include <algorithm>

#include "load/http_wire.hpp"

namespace carillon::bench {
namespace {

constexpr char kPacketSeparator = '\x1e';
constexpr std::string_view kConnect = "40";
constexpr std::string_view kPong = "3";

bool sends_away(std::string_view packet) {
  return packet.starts_with('1') || packet.starts_with("41") || packet.starts_with("44");
}

}  // namespace

bool is_connected(std::string_view packet) {
  return packet.starts_with(kConnect);
}

std::string_view answer_to(std::string_view packet, std::string_view greeting) {
  if (sends_away(packet)) throw WireError("sent away: " + std::string(packet));
  if (packet.starts_with('0')) return kConnect;
  if (packet.starts_with('2')) return kPong;
  return is_connected(packet) ? greeting : std::string_view();
}

std::string answers_to(std::string_view payload, std::string_view greeting) {
  std::string answers;
  while (!payload.empty()) {
    const std::size_t end = std::min(payload.find(kPacketSeparator), payload.size());
    const std::string_view answer = answer_to(payload.substr(0, end), greeting);
    payload.remove_prefix(std::min(end + 1, payload.size()));
    if (answer.empty()) continue;
    if (!answers.empty()) answers += kPacketSeparator;
    answers += answer;
  }
  return answers;
}

std::string session_of(std::string_view open_packet) {
  constexpr std::string_view kBegin = R"(0{"sid":")";
  const std::size_t end = open_packet.find('"', kBegin.size());
  if (!open_packet.starts_with(kBegin) || end == std::string_view::npos) {
    throw WireError("no session is opened: " + std::string(open_packet.substr(0, 100)));
  }
  return std::string(open_packet.substr(kBegin.size(), end - kBegin.size()));
}

}  // namespace carillon::bench
