#include "transport/turn/listener.hpp"

#include <sys/epoll.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "net/limits.hpp"
#include "transport/turn/limits.hpp"

namespace carillon::transport {

TurnListener::TurnListener(net::UniqueFd socket, const net::DatagramAddress& address,
                           std::uint64_t link, Parts parts)
    : socket_(std::move(socket)), address_(address), link_(link), parts_(std::move(parts)) {
  watch_ = parts_.reactor.watch(fd(), EPOLLIN, *this);
  if (!watch_) throw std::system_error(errno, std::generic_category(), "epoll");
}

TurnListener::~TurnListener() {
  parts_.reactor.unwatch(watch_);
}

void TurnListener::on_ready(std::uint32_t /*events*/) {
  for (std::size_t i = 0; i < limits::kBatchesPerTick; ++i) {
    const auto datagrams = parts_.inbox.receive_from(fd());
    for (const net::Datagram& datagram : datagrams) parts_.on_datagram(*this, datagram);
    parts_.on_batch_end();
    if (datagrams.size() < net::limits::kDatagramsPerBatch) return;
  }
}

}  // namespace carillon::transport
