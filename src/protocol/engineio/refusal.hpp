// How a server says no to a request: a code and a message that clients know.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/bytes.hpp"

namespace carillon::engineio {

/// Source: the codes of `connection_error` in Engine.IO's server API; they are on the wire.
enum class Refusal : std::uint8_t {
  UnknownTransport = 0,
  UnknownSession = 1,
  BadHandshakeMethod = 2,
  BadRequest = 3,
  Forbidden = 4,
  UnsupportedVersion = 5,
};

/// E.g. "Session ID unknown".
std::string_view describe(Refusal refusal);
/// Of HTTP: 403 for Forbidden, 400 for all others.
int status_of(Refusal refusal);
/// `{"code":1,"message":"Session ID unknown"}`.
std::string to_json(Refusal refusal);

}  // namespace carillon::engineio
