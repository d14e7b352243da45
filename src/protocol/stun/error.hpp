// What can be wrong with a message, and the codes that answers tell it by.
#pragma once

#include <cstdint>

#include "core/bytes.hpp"

namespace carillon::stun {

/// Why octets are no STUN message. Nobody is answered: the sender may be anyone, and mean anything.
enum class ParseError : std::uint8_t {
  TooShort,           // RFC 8489 §5: less than the header of 20 octets
  NotStun,            // §5: the first two bits are not zero, or the magic cookie is missing
  LengthMismatch,     // §5: the length is no multiple of 4, or not that of the datagram
  AttributeCut,       // §14: an attribute is longer than what is left
  TooManyAttributes,  // over limits::kAttributes
  WrongFingerprint,   // §14.7: it does not match, is not 4 octets, or is not last
};

/// RFC 8489 §14.8, RFC 8656 §19.
enum class ErrorCode : std::uint16_t {
  BadRequest = 400,
  Unauthenticated = 401,
  Forbidden = 403,
  UnknownAttribute = 420,
  AllocationMismatch = 437,
  StaleNonce = 438,
  AddressFamilyNotSupported = 440,
  WrongCredentials = 441,
  UnsupportedTransport = 442,
  PeerFamilyMismatch = 443,
  AllocationQuotaReached = 486,
  InsufficientCapacity = 508,
};

/// The reason phrase that goes with a code.
Bytes reason(ErrorCode code);

}  // namespace carillon::stun
