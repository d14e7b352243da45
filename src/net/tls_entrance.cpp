#include "net/tls_entrance.hpp"

#include <algorithm>
#include <utility>

#include "net/reactor.hpp"
#include "net/tls_opening.hpp"

namespace carillon::net {

void TlsEntrance::use(std::shared_ptr<const TlsContext> context, Duration handshake_time) {
  context_ = std::move(context);
  if (!hurrying_) handshake_time_ = handshake_time;
}

std::unique_ptr<StreamHandler> TlsEntrance::open(Stream& stream,
                                                 std::shared_ptr<const HandlerFactory> next) {
  stream.set_deadline(stream.reactor().now() + handshake_time_);
  return std::make_unique<TlsOpening>(*this, stream, std::move(next));
}

void TlsEntrance::hurry(Duration longest) {
  hurrying_ = true;
  handshake_time_ = std::min(handshake_time_, longest);
  openings_.for_each([longest](Handle, TlsOpening* opening) { opening->hurry(longest); });
}

}  // namespace carillon::net
