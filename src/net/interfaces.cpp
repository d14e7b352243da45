#include "net/interfaces.hpp"

#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace carillon::net {
namespace {

/// Empty where the kernel refuses.
UniqueFd open_address_news() {
  UniqueFd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
  if (!socket) return {};
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  return ::bind(socket.get(), generic, sizeof(address)) == 0 ? std::move(socket) : UniqueFd();
}

}  // namespace

Result<std::vector<DatagramAddress>, std::string> interface_addresses() {
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return std::unexpected(std::generic_category().message(errno));
  std::vector<DatagramAddress> addresses;
  for (const ifaddrs* each = all; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr) continue;
    const auto address = DatagramAddress::from(each->ifa_addr);
    if (address.family != Family::None) addresses.push_back(address);
  }
  ::freeifaddrs(all);
  return addresses;
}

InterfaceWatch::InterfaceWatch(Reactor& reactor, std::function<void()> on_change)
    : reactor_(reactor), on_change_(std::move(on_change)), socket_(open_address_news()) {
  if (socket_) watch_ = reactor_.watch(socket_.get(), EPOLLIN, *this);
}

InterfaceWatch::~InterfaceWatch() {
  if (watch_) reactor_.unwatch(watch_);
}

/// What they say is not read: the whole list is asked for anew, since news may have been lost
/// (ENOBUFS).
void InterfaceWatch::on_ready(std::uint32_t /*events*/) {
  std::array<char, 4096> news;
  while (::recv(socket_.get(), news.data(), news.size(), 0) >= 0 || errno == ENOBUFS ||
         errno == EINTR) {
  }
  on_change_();
}

}  // namespace carillon::net
