#include "protocol/http2/error.hpp"

#include <array>
#include <cstddef>

namespace carillon::http2 {

Bytes name_of(ConnectionError error) {
  constexpr std::array<Bytes, kConnectionErrorCount> kNames = {
      "wrong_preface", "broken_rules",  "unexpected_stream",  "closed_stream",
      "reset_flood",   "control_flood", "continuation_flood", "unread"};
  return kNames[static_cast<std::size_t>(error)];
}

ErrorCode code_of(ConnectionError error) {
  switch (error) {
    case ConnectionError::WrongPreface:
    case ConnectionError::BrokenRules:
    case ConnectionError::UnexpectedStream:
      return ErrorCode::ProtocolError;
    case ConnectionError::ClosedStream:
      return ErrorCode::StreamClosed;
    case ConnectionError::ResetFlood:
    case ConnectionError::ControlFlood:
    case ConnectionError::ContinuationFlood:
    case ConnectionError::Unread:
      return ErrorCode::EnhanceYourCalm;
  }
  return ErrorCode::InternalError;
}

}  // namespace carillon::http2
