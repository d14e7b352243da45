#include "net/io_loop.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace carillon::net {
namespace {

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

}  // namespace carillon::net
