#include "protocol/stun/error.hpp"

namespace carillon::stun {

Bytes reason(ErrorCode code) {
  switch (code) {
    case ErrorCode::BadRequest:
      return "Bad Request";
    case ErrorCode::Unauthenticated:
      return "Unauthenticated";
    case ErrorCode::Forbidden:
      return "Forbidden";
    case ErrorCode::UnknownAttribute:
      return "Unknown Attribute";
    case ErrorCode::AllocationMismatch:
      return "Allocation Mismatch";
    case ErrorCode::StaleNonce:
      return "Stale Nonce";
    case ErrorCode::AddressFamilyNotSupported:
      return "Address Family not Supported";
    case ErrorCode::WrongCredentials:
      return "Wrong Credentials";
    case ErrorCode::UnsupportedTransport:
      return "Unsupported Transport Protocol";
    case ErrorCode::PeerFamilyMismatch:
      return "Peer Address Family Mismatch";
    case ErrorCode::AllocationQuotaReached:
      return "Allocation Quota Reached";
    case ErrorCode::InsufficientCapacity:
      break;
  }
  return "Insufficient Capacity";
}

}  // namespace carillon::stun
