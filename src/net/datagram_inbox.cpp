#include "net/datagram_inbox.hpp"

#include <netinet/in.h>

#include <cstring>
#include <new>

namespace carillon::net {
namespace {

constexpr std::size_t kPageBytes = 4096;
/// No multiple of a large power of two: the beginnings of the buffers, which are all that is
/// usually touched, would fall on the same few lines of the cache.
constexpr std::size_t kSlotBytes = limits::kDatagramBytes + kPageBytes + 192;

DatagramAddress destination_of(const msghdr& message) {
  DatagramAddress to;
  auto* changeable = const_cast<msghdr*>(&message);
  for (cmsghdr* head = CMSG_FIRSTHDR(changeable); head != nullptr;
       head = CMSG_NXTHDR(changeable, head)) {
    if (head->cmsg_level == IPPROTO_IP && head->cmsg_type == IP_PKTINFO) {
      in_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(head), sizeof info);
      to.family = Family::Ipv4;
      std::memcpy(to.ip.data(), &info.ipi_spec_dst, sizeof info.ipi_spec_dst);
    } else if (head->cmsg_level == IPPROTO_IPV6 && head->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(head), sizeof info);
      to.family = Family::Ipv6;
      std::memcpy(to.ip.data(), &info.ipi6_addr, sizeof info.ipi6_addr);
    }
  }
  return to;
}

}  // namespace

DatagramInbox::DatagramInbox(Probe& probe)
    : probe_(probe),
      // Pages that no datagram has reached are never real.
      arena_(static_cast<char*>(std::calloc(limits::kDatagramsPerBatch, kSlotBytes))),
      slots_(limits::kDatagramsPerBatch),
      messages_(limits::kDatagramsPerBatch),
      operations_(limits::kDatagramsPerBatch) {
  if (!arena_) throw std::bad_alloc();
  datagrams_.reserve(limits::kDatagramsPerBatch);
}

char* DatagramInbox::buffer(std::size_t index) const {
  return arena_.get() + index * kSlotBytes + kRoomBefore;
}

void DatagramInbox::prepare(std::size_t index, msghdr& message) {
  Slot& slot = slots_[index];
  slot.piece = {buffer(index), limits::kDatagramBytes};
  message = {};
  message.msg_name = &slot.from;
  message.msg_namelen = sizeof slot.from;
  message.msg_iov = &slot.piece;
  message.msg_iovlen = 1;
  message.msg_control = slot.control.data();
  message.msg_controllen = slot.control.size();
}

void DatagramInbox::take(std::size_t source, std::size_t index, const msghdr& message,
                         std::size_t size) {
  probe_.received_datagram(size);
  datagrams_.push_back(
      {.source = source,
       .begin = buffer(index),
       .size = size,
       .from = DatagramAddress::from(reinterpret_cast<const sockaddr*>(&slots_[index].from)),
       .to = destination_of(message)});
}

std::span<const Datagram> DatagramInbox::receive_from(int fd) {
  datagrams_.clear();
  for (std::size_t i = 0; i < messages_.size(); ++i) prepare(i, messages_[i].msg_hdr);
  const int count = ::recvmmsg(fd, messages_.data(), static_cast<unsigned>(messages_.size()),
                               MSG_DONTWAIT, nullptr);
  for (int i = 0; i < count; ++i) {
    const auto index = static_cast<std::size_t>(i);
    take(0, index, messages_[index].msg_hdr, messages_[index].msg_len);
  }
  return datagrams_;
}

std::span<const Datagram> DatagramInbox::receive_each(std::span<const int> sockets,
                                                      IoBatch& batch) {
  datagrams_.clear();
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    prepare(i, messages_[i].msg_hdr);
    operations_[i] = {.fd = sockets[i], .message = &messages_[i].msg_hdr};
  }
  const auto operations = std::span(operations_).first(sockets.size());
  batch.recv_datagrams(operations);
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const ssize_t result = operations[i].result;
    if (result >= 0) take(i, i, messages_[i].msg_hdr, static_cast<std::size_t>(result));
  }
  return datagrams_;
}

}  // namespace carillon::net
