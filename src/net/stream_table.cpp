#include "net/stream_table.hpp"

#include <sys/epoll.h>

#include <utility>

#include "core/log.hpp"
#include "net/reactor.hpp"
#include "net/tls_stage.hpp"

namespace carillon::net {

Handle StreamTable::adopt(UniqueFd socket, const PeerAddress& peer, const HandlerFactory& factory) {
  if (closed_) return Handle{};
  Stream& stream = insert(std::move(socket), peer);
  const Handle handle = stream.handle();
  if (!stream.watch(EPOLLIN)) {
    log::error("a connection cannot be watched (fs.epoll.max_user_watches?): closed");
    stream.abort();
    return Handle{};
  }
  std::unique_ptr<StreamHandler> handler;
  reactor_.guarded("handler factory", [&] { handler = factory(stream); });
  if (!handler) {
    stream.abort();
    return Handle{};
  }
  stream.replace_handler(std::move(handler));
  return handle;
}

Handle StreamTable::adopt(DetachedStream stream, std::unique_ptr<StreamHandler> handler) {
  return adopt(std::move(stream.socket_), std::exchange(stream.peer_, {}), [&](Stream& adopted) {
    adopted.tls_ = std::move(stream.tls_);
    return std::move(handler);
  });
}

Stream& StreamTable::insert(UniqueFd socket, const PeerAddress& peer) {
  auto owned = std::make_unique<Stream>(reactor_, std::move(socket), peer);
  Stream& stream = *owned;
  stream.handle_ = streams_.insert(std::move(owned));
  reactor_.probe().opened_stream();
  return stream;
}

Stream* StreamTable::find(Handle handle) {
  auto* found = streams_.find(handle);
  return found == nullptr ? nullptr : found->get();
}

void StreamTable::retire(std::unique_ptr<StreamHandler> handler) {
  if (handler) retired_handlers_.push_back(std::move(handler));
}

void StreamTable::retire(const Stream& stream) {
  const Handle handle = stream.handle();
  auto* found = streams_.find(handle);
  if (found == nullptr) return;
  retired_streams_.push_back(std::move(*found));
  streams_.erase(handle);
}

void StreamTable::bury() {
  while (!retired_handlers_.empty() || !retired_streams_.empty()) {
    const auto streams = std::exchange(retired_streams_, {});
    // Handlers first: their destructors may touch their streams, and retire others.
    const auto handlers = std::exchange(retired_handlers_, {});
  }
}

void StreamTable::close_all() {
  closed_ = true;
  streams_.for_each(
      [](Handle, std::unique_ptr<Stream>& stream) { stream->lose(CloseCause::Shutdown); });
}

}  // namespace carillon::net
