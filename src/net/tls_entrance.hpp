// Where the TLS connections of one reactor come in: on which terms, and which are not through yet.
#pragma once

#include <memory>
#include <string>

#include "core/slot_table.hpp"
#include "core/time.hpp"
#include "net/limits.hpp"
#include "net/stream_handler.hpp"
#include "net/tls_context.hpp"
#include "net/tls_ticket_keys.hpp"

namespace carillon::net {

class TlsOpening;

/// Thread:   its reactor's (before it runs: the one that made it).
/// Lifetime: outlives the streams that came in through it.
class TlsEntrance {
 public:
  /// From now on newcomers get these; who is in keeps what it has.
  void use(std::shared_ptr<const TlsContext> context, Duration handshake_time);
  /// What a peer gets that speaks HTTP without TLS, as it is sent; empty: nothing.
  void set_plain_answer(std::string answer) { plain_answer_ = std::move(answer); }

  /// The handler of a stream whose handshake is still to come; `next` makes the one after it.
  std::unique_ptr<StreamHandler> open(Stream& stream, std::shared_ptr<const HandlerFactory> next);

  /// Who is not through within so long from now on is turned away, newcomers included: the server
  /// stops.
  void hurry(Duration longest);

  TicketKeys& ticket_keys() { return ticket_keys_; }
  const std::shared_ptr<const TlsContext>& context() const { return context_; }
  const std::string& plain_answer() const { return plain_answer_; }
  SlotTable<TlsOpening*>& openings() { return openings_; }

 private:
  TicketKeys ticket_keys_;
  std::shared_ptr<const TlsContext> context_;
  Duration handshake_time_ = limits::kHandshakeTime;
  std::string plain_answer_;
  SlotTable<TlsOpening*> openings_;
  bool hurrying_ = false;
};

}  // namespace carillon::net
