// A TURN client's TCP or TLS connection.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "net/stream.hpp"
#include "net/stream_handler.hpp"
#include "protocol/turn/path.hpp"
#include "transport/turn/service.hpp"

namespace carillon::transport {

/// Lifetime: the service outlives it.
class TurnConnection final : public net::StreamHandler {
 public:
  TurnConnection(TurnService& service, net::Stream& stream);
  TurnConnection(const TurnConnection&) = delete;
  TurnConnection& operator=(const TurnConnection&) = delete;
  ~TurnConnection() override;

  void on_bytes(std::span<char> received) override;
  void on_end_of_input() override;
  void on_drained() override {}
  void on_deadline() override;
  void on_closed(net::CloseCause cause) override;

 private:
  std::size_t read_frames(Bytes octets);
  void expect_allocation();

  TurnService& service_;
  net::Stream& stream_;
  turn::Path path_;
  std::string waiting_;  // the beginning of a frame whose end has not come
};

}  // namespace carillon::transport
