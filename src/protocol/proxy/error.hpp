// What is wrong with the beginning of a connection that should open with a PROXY header.
#pragma once

#include <cstdint>

#include "core/bytes.hpp"

namespace carillon::proxy {

/// The first violation is final: nothing after it can be trusted to be where it seems to be.
enum class HeaderError : std::uint8_t {
  NoSignature,        // §2.2: the first twelve octets are something else
  Version1,           // §2.1: the text form, which is not served
  UnknownVersion,     // §2.2: the version is not 2
  UnknownCommand,     // §2.2: neither LOCAL nor PROXY
  UnknownFamily,      // §2.2: no family and transport of a stream
  AddressesTooShort,  // §2.2: fewer octets than the family's addresses have
  TooLong,            // over kMaxHeaderBytes
};

/// A sentence for the log that says what to change.
Bytes describe(HeaderError error);

}  // namespace carillon::proxy
