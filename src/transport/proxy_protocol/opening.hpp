// The beginning of a connection that a proxy forwards: its PROXY header, and then whatever the
// connection is for.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "core/slot_table.hpp"
#include "net/stream.hpp"
#include "net/stream_handler.hpp"
#include "protocol/proxy/header.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {

/// Makes the handler that reads the header, which must come, within the time of a request's header
/// section; then the stream's peer is the client, and `next` makes the handler for the rest.
/// Null (the socket is closed at once) for a peer that `trusted_proxies` does not have, and without
/// such a list for everybody.
std::unique_ptr<net::StreamHandler> open_forwarded(Worker& worker, net::Stream& stream,
                                                   std::shared_ptr<const net::HandlerFactory> next);

/// Lifetime: owned by its stream.
class ForwardedOpening final : public net::StreamHandler, private Drainable {
 public:
  ForwardedOpening(Worker& worker, net::Stream& stream,
                   std::shared_ptr<const net::HandlerFactory> next);
  ~ForwardedOpening() override;

  void on_bytes(std::span<char> received) override;
  void on_end_of_input() override;
  void on_drained() override {}
  void on_deadline() override;
  void on_closed(net::CloseCause /*cause*/) override {}

 private:
  void drain(Duration reconnect_after) override;
  void hand_over(const proxy::Header& header);
  void refuse(Bytes why, std::uint64_t count);

  Worker& worker_;
  net::Stream& stream_;
  std::shared_ptr<const net::HandlerFactory> next_;
  std::string received_;  // until the header is whole
  Handle drainable_;
};

}  // namespace carillon::transport
