#include "protocol/proxy/error.hpp"

namespace carillon::proxy {

Bytes describe(HeaderError error) {
  switch (error) {
    case HeaderError::NoSignature:
      return "it does not begin with a PROXY header: let the proxy send one, in version 2";
    case HeaderError::Version1:
      return "its PROXY header is of version 1, and only version 2 is served: let the proxy send "
             "that (HAProxy: send-proxy-v2)";
    case HeaderError::UnknownVersion:
      return "its PROXY header is of another version than 2";
    case HeaderError::UnknownCommand:
      return "the command of its PROXY header is neither LOCAL nor PROXY";
    case HeaderError::UnknownFamily:
      return "its PROXY header is not of a TCP or a Unix stream connection";
    case HeaderError::AddressesTooShort:
      return "its PROXY header ends within the addresses";
    case HeaderError::TooLong:
      break;
  }
  return "its PROXY header has more than 4 KiB: let the proxy send fewer extensions (TLVs)";
}

}  // namespace carillon::proxy
