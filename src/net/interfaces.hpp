// The addresses of this machine's interfaces, and when they change.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/slot_table.hpp"
#include "net/datagram_address.hpp"
#include "net/reactor.hpp"
#include "net/unique_fd.hpp"

namespace carillon::net {

/// Those of IPv4 and IPv6, as they are now.
/// Errors: the kernel's words, e.g. where a service manager or a sandbox forbids AF_NETLINK.
Result<std::vector<DatagramAddress>, std::string> interface_addresses();

/// Says when an address has come or gone; several at once may be said once.
/// Thread: its reactor's.
class InterfaceWatch final : public EventSource {
 public:
  InterfaceWatch(Reactor& reactor, std::function<void()> on_change);
  InterfaceWatch(const InterfaceWatch&) = delete;
  InterfaceWatch& operator=(const InterfaceWatch&) = delete;
  ~InterfaceWatch() override;

  /// Whether the kernel tells at all; some sandboxes do not.
  bool hears() const { return static_cast<bool>(watch_); }
  void on_ready(std::uint32_t events) override;

 private:
  Reactor& reactor_;
  std::function<void()> on_change_;
  UniqueFd socket_;
  Handle watch_;
};

}  // namespace carillon::net
