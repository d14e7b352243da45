// The words of outgoing connections are the client's own: it is one way to use them.
#pragma once

#include "outgoing/failure.hpp"
#include "outgoing/options.hpp"

namespace carillon::outgoing {}

namespace carillon::client {

using namespace outgoing;
using ClientOptions = CallOptions;

}  // namespace carillon::client
