#include "protocol/websocket/close.hpp"

#include <utility>

#include "core/check.hpp"
#include "core/utf8.hpp"

namespace carillon::websocket {
namespace {

/// The longest front of `text` that fits and does not end inside a character.
Bytes cut(Bytes text, std::size_t most_bytes) {
  if (text.size() <= most_bytes) return text;
  std::size_t size = most_bytes;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return text.substr(0, size);
}

}  // namespace

Result<Close, ProtocolError> parse_close_payload(Bytes payload) {
  if (payload.empty()) return Close{};
  if (payload.size() < 2) return std::unexpected(ProtocolError::CloseTooShort);
  const unsigned high = static_cast<unsigned char>(payload[0]);
  const unsigned low = static_cast<unsigned char>(payload[1]);
  const auto code = static_cast<CloseCode>(high << 8 | low);
  if (!may_stand_in_frame(code)) return std::unexpected(ProtocolError::InvalidCloseCode);
  const Bytes reason = payload.substr(2);
  if (!is_utf8(reason)) return std::unexpected(ProtocolError::InvalidUtf8);
  return Close{.code = code, .reason = reason};
}

std::string close_payload(CloseCode code, Bytes reason) {
  if (code == CloseCode::NoStatus) return {};
  CARILLON_CHECK(may_stand_in_frame(code));
  const auto number = static_cast<std::uint16_t>(code);
  std::string payload;
  payload.push_back(static_cast<char>(number >> 8));
  payload.push_back(static_cast<char>(number & 0xFF));
  return payload.append(cut(reason, kMaxCloseReasonBytes));
}

bool CloseHandshake::send() {
  switch (state_) {
    case CloseState::Open:
      state_ = CloseState::CloseSent;
      return true;
    case CloseState::CloseReceived:
      state_ = CloseState::Closed;
      return true;
    case CloseState::CloseSent:
    case CloseState::Closed:
      break;
  }
  return false;
}

bool CloseHandshake::receive() {
  switch (state_) {
    case CloseState::Open:
      state_ = CloseState::CloseReceived;
      return true;
    case CloseState::CloseSent:
      state_ = CloseState::Closed;
      return false;
    case CloseState::CloseReceived:
    case CloseState::Closed:
      break;
  }
  return false;
}

}  // namespace carillon::websocket
