#include "floor/frames.hpp"

#include <cstddef>
#include <cstdint>

#include "protocol/websocket/accept_key.hpp"

namespace carillon::bench {

std::string upgrade_answer(std::string_view request) {
  constexpr std::string_view kName = "Sec-WebSocket-Key: ";
  const std::size_t at = request.find(kName);
  const std::string_view key =
      at == std::string_view::npos ? std::string_view() : request.substr(at + kName.size(), 24);
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Accept: " +
         websocket::accept_key(key) + "\r\n\r\n";
}

std::optional<std::string> take_client_text(std::string_view& input) {
  if (input.size() < 6) return std::nullopt;
  std::size_t size = static_cast<std::uint8_t>(input[1]) & 0x7FU;
  std::size_t head = 2;
  if (size == 126) {
    size =
        std::size_t{static_cast<std::uint8_t>(input[2])} << 8 | static_cast<std::uint8_t>(input[3]);
    head = 4;
  }
  if (input.size() < head + 4 + size) return std::nullopt;
  const std::string_view mask = input.substr(head, 4);
  std::string text(input.substr(head + 4, size));
  for (std::size_t index = 0; index < size; ++index) {
    text[index] = static_cast<char>(text[index] ^ mask[index % 4]);
  }
  input.remove_prefix(head + 4 + size);
  return text;
}

void append_server_text(std::string& out, std::string_view payload) {
  out.push_back(static_cast<char>(0x81));
  if (payload.size() < 126) {
    out.push_back(static_cast<char>(payload.size()));
  } else {
    out.push_back(126);
    out.push_back(static_cast<char>(payload.size() >> 8));
    out.push_back(static_cast<char>(payload.size() & 0xFF));
  }
  out.append(payload);
}

}  // namespace carillon::bench
