#include "protocol/engineio/refusal.hpp"

#include <fmt/format.h>

#include <utility>

namespace carillon::engineio {

std::string_view describe(Refusal refusal) {
  switch (refusal) {
    case Refusal::UnknownTransport:
      return "Transport unknown";
    case Refusal::UnknownSession:
      return "Session ID unknown";
    case Refusal::BadHandshakeMethod:
      return "Bad handshake method";
    case Refusal::BadRequest:
      return "Bad request";
    case Refusal::Forbidden:
      return "Forbidden";
    case Refusal::UnsupportedVersion:
      return "Unsupported protocol version";
  }
  return {};
}

int status_of(Refusal refusal) {
  return refusal == Refusal::Forbidden ? 403 : 400;
}

std::string to_json(Refusal refusal) {
  return fmt::format(R"({{"code":{},"message":"{}"}})", std::to_underlying(refusal),
                     describe(refusal));
}

}  // namespace carillon::engineio
