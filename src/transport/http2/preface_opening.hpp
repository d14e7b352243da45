// The beginning of a connection without TLS: HTTP/2 with prior knowledge (RFC 9113 §3.3), or
// whatever else is spoken there.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "core/slot_table.hpp"
#include "net/stream.hpp"
#include "net/stream_handler.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {

/// Who the connection goes to once its first octets tell.
struct PrefaceChoice {
  std::shared_ptr<const net::HandlerFactory> http2;
  std::shared_ptr<const net::HandlerFactory> other;
};

/// Lifetime: owned by its stream.
class PrefaceOpening final : public net::StreamHandler, private Drainable {
 public:
  PrefaceOpening(Worker& worker, net::Stream& stream, PrefaceChoice choice);
  ~PrefaceOpening() override;

  void on_bytes(std::span<char> received) override;
  void on_end_of_input() override;
  void on_drained() override {}
  void on_deadline() override { stream_.close(); }
  void on_closed(net::CloseCause /*cause*/) override {}

 private:
  void drain(Duration reconnect_after) override;
  void hand_over(const net::HandlerFactory& next);

  Worker& worker_;
  net::Stream& stream_;
  PrefaceChoice choice_;
  std::string received_;  // part of the preface so far
  Handle drainable_;
};

}  // namespace carillon::transport
