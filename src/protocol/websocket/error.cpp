#include "protocol/websocket/error.hpp"

namespace carillon::websocket {

CloseCode close_code_of(ProtocolError error) {
  switch (error) {
    case ProtocolError::InvalidUtf8:
    case ProtocolError::InvalidCompression:
      return CloseCode::InvalidPayload;
    case ProtocolError::MessageTooBig:
    case ProtocolError::TooManyFragments:
      return CloseCode::MessageTooBig;
    case ProtocolError::ReservedBits:
    case ProtocolError::UnknownOpcode:
    case ProtocolError::UnmaskedClientFrame:
    case ProtocolError::MaskedServerFrame:
    case ProtocolError::LengthNotMinimal:
    case ProtocolError::LengthTooLarge:
    case ProtocolError::ControlTooLong:
    case ProtocolError::ControlFragmented:
    case ProtocolError::UnexpectedContinuation:
    case ProtocolError::ExpectedContinuation:
    case ProtocolError::CloseTooShort:
    case ProtocolError::InvalidCloseCode:
      break;
  }
  return CloseCode::ProtocolError;
}

std::string_view describe(ProtocolError error) {
  switch (error) {
    case ProtocolError::ReservedBits:
      return "reserved bits are set";
    case ProtocolError::UnknownOpcode:
      return "unknown opcode";
    case ProtocolError::UnmaskedClientFrame:
      return "client frames must be masked";
    case ProtocolError::MaskedServerFrame:
      return "server frames must not be masked";
    case ProtocolError::LengthNotMinimal:
      return "frame length is not minimal";
    case ProtocolError::LengthTooLarge:
      return "frame length is over 63 bits";
    case ProtocolError::ControlTooLong:
      return "control frame is over 125 bytes";
    case ProtocolError::ControlFragmented:
      return "control frame is fragmented";
    case ProtocolError::UnexpectedContinuation:
      return "nothing to continue";
    case ProtocolError::ExpectedContinuation:
      return "previous message is not finished";
    case ProtocolError::MessageTooBig:
      return "message is too big";
    case ProtocolError::TooManyFragments:
      return "message has too many fragments";
    case ProtocolError::InvalidUtf8:
      return "text is not UTF-8";
    case ProtocolError::InvalidCompression:
      return "message is not validly compressed";
    case ProtocolError::CloseTooShort:
      return "close payload is one byte";
    case ProtocolError::InvalidCloseCode:
      return "invalid close code";
  }
  return "protocol error";
}

}  // namespace carillon::websocket
