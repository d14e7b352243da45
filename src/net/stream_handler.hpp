// What the owner of a byte stream hears about it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

namespace carillon::net {

class Stream;

/// Why a stream ended.
enum class CloseCause : std::uint8_t {
  Local,         // our own close() or abort(): counted, never told to the handler
  PeerClosed,    // the peer went after it had ended its input in good order
  Reset,         // the connection broke: reset by the peer, or the network gave up
  WriteTimeout,  // the peer took nothing for `ReactorOptions::write_time_limit`
  Exception,     // a callback threw: counted, never told to the handler
  Shutdown,      // the reactor stops
  Moved,         // another reactor has it now: counted, never told to the handler
};
inline constexpr std::size_t kCloseCauseCount = 7;

/// Callbacks of one stream, all on its reactor's thread. Each may call anything on any stream of
/// the reactor, `close()` and `abort()` of its own included.
/// Errors:   a callback that throws is caught: logged, counted, and its stream aborted.
/// Lifetime: destroyed after the tick in which the stream ended or the handler was replaced, and
///           before the Stream itself; destructors clean up.
class StreamHandler {
 public:
  virtual ~StreamHandler() = default;
  /// Octets came. They are lent for the call and may be changed in place (unmasking).
  virtual void on_bytes(std::span<char> received) = 0;
  /// The TLS handshake that was begun with `Stream::start_tls` is complete; once, before any octet.
  virtual void on_secured() {}
  /// The peer shut down its sending side; nothing more will come, we may still send. A handler that
  /// has nothing to send calls close(); otherwise the stream stays open.
  virtual void on_end_of_input() = 0;
  /// The outbox of a congested stream is empty again.
  virtual void on_drained() = 0;
  /// The moment given to set_deadline() has passed.
  virtual void on_deadline() = 0;
  /// The stream is gone, not by our own doing. The last call; never after close() or abort().
  virtual void on_closed(CloseCause cause) = 0;
};

/// Makes the handler of a new stream. Null refuses it (the socket is closed at once).
/// Thread: called on the stream's reactor; shared by several reactors, so it must not change.
using HandlerFactory = std::function<std::unique_ptr<StreamHandler>(Stream&)>;

}  // namespace carillon::net
