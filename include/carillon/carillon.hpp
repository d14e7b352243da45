// All of the library. Needs C++20.
#pragma once

#include "carillon/access.hpp"        // IWYU pragma: export
#include "carillon/channel.hpp"       // IWYU pragma: export
#include "carillon/endpoint_id.hpp"   // IWYU pragma: export
#include "carillon/event_stream.hpp"  // IWYU pragma: export
#include "carillon/opening.hpp"       // IWYU pragma: export
#include "carillon/request.hpp"       // IWYU pragma: export
#include "carillon/response.hpp"      // IWYU pragma: export
#include "carillon/server.hpp"        // IWYU pragma: export
#include "carillon/socket_io.hpp"     // IWYU pragma: export
#include "carillon/web_socket.hpp"    // IWYU pragma: export
