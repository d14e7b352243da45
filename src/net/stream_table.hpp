// All streams of one reactor, from adoption to burial.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/slot_table.hpp"
#include "net/address.hpp"
#include "net/stream.hpp"
#include "net/stream_handler.hpp"
#include "net/unique_fd.hpp"

namespace carillon::net {

class Reactor;

/// Thread:   its reactor's own.
/// Lifetime: what has ended is kept until `bury`, so that callbacks under way may touch it.
class StreamTable {
 public:
  explicit StreamTable(Reactor& reactor) : reactor_(reactor) {}

  Handle adopt(UniqueFd socket, const PeerAddress& peer, const HandlerFactory& factory);
  Handle adopt(DetachedStream stream, std::unique_ptr<StreamHandler> handler);
  /// Streams on their way out are found too.
  Stream* find(Handle handle);
  std::size_t size() const { return streams_.size(); }

  template <class Visit>
  void for_each_open(Visit visit);

  void retire(std::unique_ptr<StreamHandler> handler);
  void retire(const Stream& stream);
  /// Destroys what was retired, and what retires meanwhile.
  void bury();
  /// Ends every stream; nothing is adopted from here on.
  void close_all();

 private:
  Stream& insert(UniqueFd socket, const PeerAddress& peer);

  Reactor& reactor_;
  SlotTable<std::unique_ptr<Stream>> streams_;
  std::vector<std::unique_ptr<StreamHandler>> retired_handlers_;
  std::vector<std::unique_ptr<Stream>> retired_streams_;
  bool closed_ = false;
};

template <class Visit>
void StreamTable::for_each_open(Visit visit) {
  streams_.for_each([&](Handle, std::unique_ptr<Stream>& stream) {
    if (stream->open()) visit(*stream);
  });
}

}  // namespace carillon::net
