// A connection on its way from one reactor to another.
#pragma once

#include <memory>

#include "net/address.hpp"
#include "net/unique_fd.hpp"

namespace carillon::net {

struct ReactorOptions;
class TlsStage;

/// What `Stream::detach` leaves, and `Reactor::adopt` takes. It is closed where nobody takes it.
/// Thread: any, one at a time.
class DetachedStream {
 public:
  /// Lifetime: the options, the same on all reactors, outlive it.
  DetachedStream(const ReactorOptions& options, UniqueFd socket, const PeerAddress& peer,
                 std::unique_ptr<TlsStage> tls);
  DetachedStream(DetachedStream&& other) noexcept;
  DetachedStream& operator=(DetachedStream&&) = delete;
  ~DetachedStream();

 private:
  friend class StreamTable;

  const ReactorOptions& options_;
  UniqueFd socket_;
  PeerAddress peer_;
  std::unique_ptr<TlsStage> tls_;
};

}  // namespace carillon::net
