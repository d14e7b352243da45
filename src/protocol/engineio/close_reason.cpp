#include "protocol/engineio/close_reason.hpp"

namespace carillon::engineio {

std::string_view describe(CloseReason reason) {
  switch (reason) {
    case CloseReason::TransportClosed:
      return "transport close";
    case CloseReason::TransportError:
      return "transport error";
    case CloseReason::PingTimeout:
      return "ping timeout";
    case CloseReason::ParseError:
      return "parse error";
    case CloseReason::ForcedClose:
      return "forced close";
    case CloseReason::ServerShuttingDown:
      return "server shutting down";
  }
  return {};
}

}  // namespace carillon::engineio
