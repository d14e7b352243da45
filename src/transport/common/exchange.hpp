// One request and its answer, now or later, whole or in pieces. Everything that serves HTTP is
// written against this; it knows neither HTTP/1.1 nor HTTP/2.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "core/shared_bytes.hpp"
#include "core/slot_table.hpp"
#include "core/time.hpp"
#include "net/byte_stream.hpp"
#include "net/detached_stream.hpp"
#include "net/stream_handler.hpp"
#include "transport/common/request.hpp"
#include "transport/common/response.hpp"

namespace carillon::transport {

class Endpoint;

/// What keeps an exchange open beyond its handler's return: a parked poll, an event stream.
/// Lifetime: owned by the exchange and destroyed with it; the destructor is how it learns that
///           the client went away or that the answer is complete.
class Responder {
 public:
  virtual ~Responder() = default;
  /// The outbox emptied after it could not take everything.
  virtual void on_drained() = 0;
  /// The deadline that was set on the exchange has passed.
  virtual void on_deadline() = 0;
  /// The server is about to stop: say goodbye and finish.
  virtual void on_shutdown(Duration reconnect_after) = 0;
  /// The client says that it will send nothing more, as one that has gone does. Whether it is
  /// answered all the same, or else given up.
  virtual bool on_end_of_input() { return false; }
  /// What the client holds open; null: nothing that back ends have a say in.
  virtual Endpoint* endpoint() { return nullptr; }
};

/// Where the body of a streamed response ends.
enum class StreamEnd { Framed, Connection };

/// A connection that becomes another protocol's on another reactor.
struct Handover {
  net::DetachedStream stream;
  std::string answer;    // the 101, to be sent there before anything else
  std::string received;  // octets behind the request
};

/// Thread:   its reactor's.
/// Lifetime: until the answer is complete or the client is gone. Whoever answers later keeps
///           the handle, and asks the worker's table for the exchange again.
class Exchange {
 public:
  virtual ~Exchange() = default;

  /// Lifetime: until the tick is over in which the answer was given or begun: what is streamed
  ///           for hours does not hold its request.
  virtual const Request& request() const = 0;
  virtual Handle handle() const = 0;

  /// The whole answer. For HEAD the body is measured and left out.
  virtual void respond(Response response) = 0;

  /// An answer in pieces: `start`, any number of `write`, `finish`. Pieces of one tick leave
  /// together. `StreamEnd::Connection` leaves the pieces as they are, so that one buffer can
  /// serve every connection, and gives the connection up at the end.
  virtual void start(ResponseHead head, StreamEnd end) = 0;
  virtual void write(SharedBytes piece) = 0;
  virtual void finish() = 0;

  /// Gives the client up at once, without an end that could be taken for a complete answer.
  virtual void abort() = 0;

  /// Bytes that the kernel has not taken yet, and whether the last flush left some behind.
  virtual std::size_t outbox_bytes() const = 0;
  virtual bool congested() const = 0;

  /// Keeps the exchange open after the handler has returned.
  virtual void attach(std::unique_ptr<Responder> responder) = 0;
  /// Null where there is none, and once the answer is complete.
  virtual Responder* responder() = 0;
  /// One deadline per exchange, told to the responder; nothing is allocated for it.
  virtual void set_deadline(std::optional<TimePoint> deadline) = 0;

  /// The connection, where this exchange has it for itself (HTTP/1.1); null where others share it.
  virtual net::Stream* stream() { return nullptr; }

  /// Answers with `head`, which accepts an upgrade (101) or an extended CONNECT (200), and hands
  /// the byte stream over. Octets that arrived with the request are passed to `handler` at once.
  virtual net::ByteStream& take_over(ResponseHead head,
                                     std::unique_ptr<net::StreamHandler> handler) = 0;
  /// The same for another reactor, which gives the answer. Not within the handler of the request,
  /// but later. Empty, and nothing has changed: others share the connection, or it is no longer
  /// whole.
  virtual std::optional<Handover> hand_over(ResponseHead /*head*/) { return std::nullopt; }
};

}  // namespace carillon::transport
