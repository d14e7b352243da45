// What every call and every reader needs to know about the server and the patience of its user.
#pragma once

#include <string>

#include "client/limits.hpp"
#include "client/server_url.hpp"
#include "core/time.hpp"

namespace carillon::client {

struct ClientOptions {
  ServerUrl server;
  /// Sent as `Authorization: Bearer …`; empty: nothing is sent.
  std::string token = {};
  /// How long a link may be silent before it is taken for dead.
  Duration silence = limits::kSilence;
};

}  // namespace carillon::client
