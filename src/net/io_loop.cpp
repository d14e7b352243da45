#include "net/io_loop.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace carillon::net {
namespace {

/// Datagrams per call: bounds what lies on the stack (4 KiB).
constexpr std::size_t kRunDatagrams = 64;

template <class Call>
ssize_t uninterrupted(Call call) {
  while (true) {
    const ssize_t result = call();
    if (result >= 0) return result;
    if (errno != EINTR) return -errno;
  }
}

ssize_t send_one(const SendOp& operation) {
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(operation.pieces.data());
  message.msg_iovlen = operation.pieces.size();
  return uninterrupted(
      [&] { return ::sendmsg(operation.fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL); });
}

ssize_t send_single(const SendOp& operation) {
  const iovec& piece = operation.pieces.front();
  return uninterrupted([&] {
    return ::send(operation.fd, piece.iov_base, piece.iov_len, MSG_DONTWAIT | MSG_NOSIGNAL);
  });
}

}  // namespace

void IoLoop::perform(std::span<SendOp> operations) {
  system_calls_ += operations.size();
  for (SendOp& operation : operations) {
    const bool single = operation.pieces.size() == 1;  // cheaper than a gathered send
    operation.result = single ? send_single(operation) : send_one(operation);
  }
}

void IoLoop::perform(std::span<RecvOp> operations) {
  system_calls_ += operations.size();
  for (RecvOp& operation : operations) {
    operation.result = uninterrupted([&] {
      return ::recv(operation.fd, operation.buffer.data(), operation.buffer.size(), MSG_DONTWAIT);
    });
  }
}

void IoLoop::perform(std::span<DatagramSendOp> operations) {
  while (!operations.empty()) {
    const int fd = operations.front().fd;
    const auto end = std::ranges::find_if(operations, [fd](const auto& op) { return op.fd != fd; });
    const auto size = static_cast<std::size_t>(end - operations.begin());
    const auto run = operations.first(std::min(size, kRunDatagrams));
    send_run(run);
    operations = operations.subspan(run.size());
  }
}

/// The kernel stops at a datagram that it refuses; the others go on without that one.
void IoLoop::send_run(std::span<DatagramSendOp> run) {
  std::array<mmsghdr, kRunDatagrams> messages;
  for (std::size_t i = 0; i < run.size(); ++i) messages[i] = {*run[i].message, 0};
  for (std::size_t done = 0; done < run.size();) {
    ++system_calls_;
    const ssize_t taken = uninterrupted([&] {
      return ::sendmmsg(run[done].fd, &messages[done], static_cast<unsigned>(run.size() - done),
                        MSG_DONTWAIT | MSG_NOSIGNAL);
    });
    if (taken <= 0) {
      run[done++].result = taken == 0 ? -EAGAIN : taken;
      continue;
    }
    for (ssize_t i = 0; i < taken; ++i, ++done) run[done].result = messages[done].msg_len;
  }
}

void IoLoop::perform(std::span<DatagramRecvOp> operations) {
  system_calls_ += operations.size();
  for (DatagramRecvOp& operation : operations) {
    operation.result =
        uninterrupted([&] { return ::recvmsg(operation.fd, operation.message, MSG_DONTWAIT); });
  }
}

}  // namespace carillon::net
