#include "net/detached_stream.hpp"

#include <utility>

#include "net/reactor.hpp"
#include "net/tls_stage.hpp"

namespace carillon::net {

DetachedStream::DetachedStream(const ReactorOptions& options, UniqueFd socket,
                               const PeerAddress& peer, std::unique_ptr<TlsStage> tls)
    : options_(options), socket_(std::move(socket)), peer_(peer), tls_(std::move(tls)) {}

DetachedStream::DetachedStream(DetachedStream&& other) noexcept
    : options_(other.options_),
      socket_(std::move(other.socket_)),
      peer_(std::exchange(other.peer_, {})),
      tls_(std::move(other.tls_)) {}

DetachedStream::~DetachedStream() {
  if (peer_.is_counted() && options_.on_counted_gone) options_.on_counted_gone(peer_);
}

}  // namespace carillon::net
