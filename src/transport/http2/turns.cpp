#include "transport/http2/turns.hpp"

#include <algorithm>
#include <utility>

#include "transport/http2/connection.hpp"

namespace carillon::transport {

void Http2Turns::remove(Http2Connection& connection) {
  std::ranges::replace(waiting_, &connection, static_cast<Http2Connection*>(nullptr));
}

/// Who is not through comes again, once the sockets had their turn.
bool Http2Turns::on_tick_end() {
  const std::vector<Http2Connection*> now = std::exchange(waiting_, {});
  for (Http2Connection* connection : now) {
    if (connection != nullptr) connection->take_turn();
  }
  return !waiting_.empty();
}

}  // namespace carillon::transport
