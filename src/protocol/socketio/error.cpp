#include "protocol/socketio/error.hpp"

namespace carillon::socketio {

std::string_view describe(Error error) {
  switch (error) {
    case Error::UnknownType:
      return "the type of the packet is unknown";
    case Error::BadAttachments:
      return "the number of attachments is missing or 0";
    case Error::TooManyAttachments:
      return "the packet has too many attachments";
    case Error::BadNamespace:
      return "the name of the Socket.IO namespace is too long or not UTF-8";
    case Error::BadId:
      return "the id of the acknowledgement is missing, too large or out of place";
    case Error::BadPayload:
      return "the payload does not fit the type of the packet";
    case Error::ReservedEvent:
      return "the name of the event is reserved";
    case Error::BadPlaceholder:
      return "a placeholder stands for an attachment that does not exist";
    case Error::ExpectedBinary:
      return "a text came in place of an attachment";
    case Error::UnexpectedBinary:
      return "an attachment belongs to no packet";
    case Error::TooLarge:
      return "the attachments are too large";
  }
  return "";
}

}  // namespace carillon::socketio
