// A UDP socket that TURN clients send to, on one reactor.
#pragma once

#include <cstdint>
#include <functional>

#include "core/slot_table.hpp"
#include "net/datagram_inbox.hpp"
#include "net/reactor.hpp"
#include "net/unique_fd.hpp"

namespace carillon::transport {

class TurnListener final : public net::EventSource {
 public:
  using Receiver = std::function<void(const TurnListener&, const net::Datagram&)>;
  struct Parts {
    net::Reactor& reactor;
    net::DatagramInbox& inbox;
    Receiver on_datagram;
    std::function<void()> on_batch_end;
  };

  /// `address`: what the socket is bound to. Throws std::system_error: start-up only.
  TurnListener(net::UniqueFd socket, const net::DatagramAddress& address, std::uint64_t link,
               Parts parts);
  TurnListener(const TurnListener&) = delete;
  TurnListener& operator=(const TurnListener&) = delete;
  ~TurnListener() override;

  int fd() const { return socket_.get(); }
  const net::DatagramAddress& address() const { return address_; }
  std::uint64_t link() const { return link_; }
  void on_ready(std::uint32_t events) override;

 private:
  net::UniqueFd socket_;
  net::DatagramAddress address_;
  std::uint64_t link_;
  Parts parts_;
  Handle watch_;
};

}  // namespace carillon::transport
