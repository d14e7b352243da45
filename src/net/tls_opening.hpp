// A stream from its accept to the end of its TLS handshake.
#pragma once

#include <memory>
#include <span>

#include "core/slot_table.hpp"
#include "core/time.hpp"
#include "net/stream.hpp"
#include "net/stream_handler.hpp"

namespace carillon::net {

class TlsEntrance;

/// Nothing is made for a peer before its first octet; one that speaks HTTP instead of TLS is told.
class TlsOpening final : public StreamHandler {
 public:
  TlsOpening(TlsEntrance& entrance, Stream& stream, std::shared_ptr<const HandlerFactory> next);
  ~TlsOpening() override;

  void on_bytes(std::span<char> received) override;
  void on_secured() override;
  void on_end_of_input() override { stream_.close(); }
  void on_drained() override {}
  void on_deadline() override;
  void on_closed(CloseCause) override {}

  /// It has at most so long from now on.
  void hurry(Duration longest);

 private:
  TlsEntrance& entrance_;
  Stream& stream_;
  std::shared_ptr<const HandlerFactory> next_;
  Handle place_;
};

}  // namespace carillon::net
