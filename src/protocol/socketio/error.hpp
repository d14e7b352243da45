// Why a message is no Socket.IO packet. Whatever it is, the engine is closed.
#pragma once

#include <cstdint>
#include <string_view>

namespace carillon::socketio {

/// Source: Socket.IO protocol v5, "Packet encoding"; and what JavaScript's parser refuses.
enum class Error : std::uint8_t {
  UnknownType,         // the first octet is not 0–6, or there is none
  BadAttachments,      // a binary packet does not begin with `<count>-`, or the count is 0
  TooManyAttachments,  // over Limits::attachments
  BadNamespace,        // not UTF-8, or over Limits::name_space_bytes
  BadId,               // over 2^53 − 1; none in an ACK; one in what is neither EVENT nor ACK
  BadPayload,          // not JSON, or not what this type carries
  ReservedEvent,       // a name that only the library itself may use
  BadPlaceholder,      // a placeholder of an attachment that does not exist
  ExpectedBinary,      // a text while attachments are missing
  UnexpectedBinary,    // an attachment of no packet
  TooLarge,            // over Limits::attachments_bytes
};

/// For people, e.g. "the type of the packet is unknown".
std::string_view describe(Error error);

}  // namespace carillon::socketio
