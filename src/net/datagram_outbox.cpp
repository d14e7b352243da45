#include "net/datagram_outbox.hpp"

#include <netinet/in.h>

#include <cerrno>
#include <cstring>
#include <span>
#include <utility>

#include "net/reactor.hpp"

namespace carillon::net {
namespace {

template <class Info>
void attach(msghdr& message, std::span<char> control, int level, int type, const Info& info) {
  message.msg_control = control.data();
  message.msg_controllen = CMSG_SPACE(sizeof info);
  cmsghdr* head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = level;
  head->cmsg_type = type;
  head->cmsg_len = CMSG_LEN(sizeof info);
  std::memcpy(CMSG_DATA(head), &info, sizeof info);
}

/// A client listens for answers from the address that it spoke to.
void leave_from(const DatagramAddress& from, msghdr& message, std::span<char> control) {
  if (from.family == Family::Ipv4) {
    in_pktinfo info{};
    std::memcpy(&info.ipi_spec_dst, from.ip.data(), sizeof info.ipi_spec_dst);
    attach(message, control, IPPROTO_IP, IP_PKTINFO, info);
  } else if (from.family == Family::Ipv6) {
    in6_pktinfo info{};
    std::memcpy(&info.ipi6_addr, from.ip.data(), sizeof info.ipi6_addr);
    attach(message, control, IPPROTO_IPV6, IPV6_PKTINFO, info);
  }
}

}  // namespace

DatagramOutbox::DatagramOutbox(Reactor& reactor)
    : reactor_(reactor),
      slots_(limits::kDatagramsPerBatch),
      operations_(limits::kDatagramsPerBatch) {}

DatagramOutbox::Slot& DatagramOutbox::next(const Route& route) {
  if (count_ == slots_.size()) flush();
  Slot& slot = slots_[count_];
  slot.message = {};
  slot.message.msg_name = &slot.to;
  slot.message.msg_namelen = route.to.to_socket(slot.to);
  slot.message.msg_iov = &slot.piece;
  slot.message.msg_iovlen = 1;
  leave_from(route.from, slot.message, slot.control);
  operations_[count_++] = {.fd = route.fd, .message = &slot.message};
  return slot;
}

void DatagramOutbox::add(const Route& route, Bytes octets) {
  next(route).piece = {const_cast<char*>(octets.data()), octets.size()};
}

void DatagramOutbox::add(const Route& route, std::string&& octets) {
  Slot& slot = next(route);
  slot.own = std::move(octets);
  slot.piece = {slot.own.data(), slot.own.size()};
}

void DatagramOutbox::flush() {
  if (count_ == 0) return;
  const auto operations = std::span(operations_).first(count_);
  reactor_.batch().send_datagrams(operations);
  count_ = 0;
  Probe& probe = reactor_.probe();
  for (const DatagramSendOp& operation : operations) {
    if (operation.result >= 0) {
      probe.sent_datagram(static_cast<std::size_t>(operation.result));
    } else if (operation.result == -EAGAIN || operation.result == -ENOBUFS) {
      probe.dropped_datagram();
    } else {
      probe.failed_datagram();
    }
  }
}

}  // namespace carillon::net
