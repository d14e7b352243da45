#include "net/io_ring.hpp"

#include <liburing.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "core/log.hpp"
#include "net/limits.hpp"
#include "net/unique_fd.hpp"

namespace carillon::net {
namespace {

/// From the newest kernel to the oldest: SINGLE_ISSUER came with Linux 6.0, COOP_TASKRUN with 5.19,
/// SUBMIT_ALL with 5.18.
constexpr std::array<unsigned, 4> kFlagSets = {
    IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_COOP_TASKRUN | IORING_SETUP_SUBMIT_ALL,
    IORING_SETUP_COOP_TASKRUN | IORING_SETUP_SUBMIT_ALL, IORING_SETUP_SUBMIT_ALL, 0};

std::string message_of(int error) {
  return std::generic_category().message(error);
}

std::string refusal_text(int error) {
  std::string text = "io_uring_setup: " + message_of(error);
  if (error == ENOSYS) text += " (this kernel has none)";
  if (error == EPERM || error == EACCES) {
    text += " (forbidden by kernel.io_uring_disabled or by a container's seccomp profile)";
  }
  return text;
}

}  // namespace

// --- Making one -------------------------------------------------------------------------------

void IoRing::Exit::operator()(io_uring* ring) const {
  ::io_uring_queue_exit(ring);
  std::default_delete<io_uring>{}(ring);
}

IoRing::IoRing(Ring ring, Submit submit)
    : ring_(std::move(ring)),
      submit_(submit != nullptr ? submit : &::io_uring_submit),
      messages_(limits::kRingEntries) {}

Result<IoRing::Ring, std::string> IoRing::set_up() {
  int error = EINVAL;
  for (const unsigned flags : kFlagSets) {
    auto ring = std::make_unique<io_uring>();
    error = -::io_uring_queue_init(limits::kRingEntries, ring.get(), flags);
    if (error == 0) return Ring(ring.release());
    if (error != EINVAL) break;
  }
  return std::unexpected(refusal_text(error));
}

Result<std::unique_ptr<IoRing>, std::string> IoRing::make(Submit submit) {
  Ring ring = TRY(set_up());
  std::unique_ptr<IoRing> made(new IoRing(std::move(ring), submit));
  made->try_out();
  if (!made->ring_) return std::unexpected(std::move(made->failure_));
  made->submissions_ = 0;
  return made;
}

/// A filter may allow the set-up alone, and an old kernel may not know what is asked of it.
void IoRing::try_out() {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return give_up("socketpair: " + message_of(errno));
  }
  const UniqueFd ours(ends[0]);
  const UniqueFd theirs(ends[1]);
  std::array<char, 4> octets{'t', 'r', 'y', '\0'};
  const std::array<iovec, 2> pieces = {iovec{octets.data(), 1}, iovec{octets.data() + 1, 2}};
  std::array<char, 4> received{};
  std::array sends = {SendOp{.fd = ours.get(), .pieces = std::span(pieces)},
                      SendOp{.fd = theirs.get(), .pieces = std::span(pieces).first(1)}};
  std::array<RecvOp, 1> full = {RecvOp{.fd = theirs.get(), .buffer = received}};
  std::array<RecvOp, 1> empty = full;
  perform_chunk(std::span<SendOp>(sends));
  if (ring_) perform_chunk(std::span<RecvOp>(full));
  if (ring_) perform_chunk(std::span<RecvOp>(empty));
  const bool is_right = sends[0].result == 3 && sends[1].result == 1 && full[0].result == 3 &&
                        received == octets && empty[0].result == -EAGAIN;
  if (ring_ && !is_right) give_up("this kernel's io_uring lacks sends and receives");
}

std::string_view IoRing::name() const {
  return ring_ ? "uring" : loop_.name();
}

// --- A batch ----------------------------------------------------------------------------------

template <class Operation>
void IoRing::perform(std::span<Operation> operations) {
  while (ring_ && operations.size() >= limits::kRingWorthwhile) {
    const auto chunk = operations.first(std::min(operations.size(), limits::kRingEntries));
    perform_chunk(chunk);
    operations = operations.subspan(chunk.size());
    if (!ring_) log::warn("io_uring is given up for plain sends and receives: {}", failure_);
  }
  loop_.perform(operations);
}

void IoRing::send_many(std::span<SendOp> operations) {
  perform(operations);
}

void IoRing::recv_many(std::span<RecvOp> operations) {
  perform(operations);
}

void IoRing::send_datagrams(std::span<DatagramSendOp> operations) {
  perform(operations);
}

void IoRing::recv_datagrams(std::span<DatagramRecvOp> operations) {
  perform(operations);
}

/// The ring is empty before and after.
template <class Operation>
void IoRing::perform_chunk(std::span<Operation> chunk) {
  for (std::size_t index = 0; index < chunk.size(); ++index) queue(chunk[index], index);
  const std::size_t taken = enter(chunk.size());
  std::size_t completed = collect(chunk);
  const bool was_late = completed < taken;
  while (completed < taken) {
    // It ends soon, as none of them waits; until then their buffers are the kernel's.
    io_uring_cqe* ignored = nullptr;
    ++submissions_;
    ::io_uring_wait_cqe(ring_.get(), &ignored);
    completed += collect(chunk);
  }
  if (was_late) failure_ = "operations did not complete at once";
  if (!failure_.empty()) ring_.reset();  // what is queued and was not taken goes with it
  // The kernel takes them in order.
  loop_.perform(chunk.subspan(taken));
}

void IoRing::queue(const SendOp& operation, std::size_t index) {
  constexpr int kFlags = MSG_DONTWAIT | MSG_NOSIGNAL;
  io_uring_sqe* entry = ::io_uring_get_sqe(ring_.get());
  if (operation.pieces.size() == 1) {
    const iovec& piece = operation.pieces.front();
    ::io_uring_prep_send(entry, operation.fd, piece.iov_base, piece.iov_len, kFlags);
  } else {
    msghdr& message = messages_[index];
    message.msg_iov = const_cast<iovec*>(operation.pieces.data());
    message.msg_iovlen = operation.pieces.size();
    ::io_uring_prep_sendmsg(entry, operation.fd, &message, kFlags);
  }
  ::io_uring_sqe_set_data64(entry, index);
}

void IoRing::queue(const RecvOp& operation, std::size_t index) {
  io_uring_sqe* entry = ::io_uring_get_sqe(ring_.get());
  ::io_uring_prep_recv(entry, operation.fd, operation.buffer.data(), operation.buffer.size(),
                       MSG_DONTWAIT);
  ::io_uring_sqe_set_data64(entry, index);
}

void IoRing::queue(const DatagramSendOp& operation, std::size_t index) {
  io_uring_sqe* entry = ::io_uring_get_sqe(ring_.get());
  ::io_uring_prep_sendmsg(entry, operation.fd, operation.message, MSG_DONTWAIT | MSG_NOSIGNAL);
  ::io_uring_sqe_set_data64(entry, index);
}

void IoRing::queue(const DatagramRecvOp& operation, std::size_t index) {
  io_uring_sqe* entry = ::io_uring_get_sqe(ring_.get());
  ::io_uring_prep_recvmsg(entry, operation.fd, operation.message, MSG_DONTWAIT);
  ::io_uring_sqe_set_data64(entry, index);
}

/// Returns how many of the queued operations the kernel took: all, or there is a failure.
std::size_t IoRing::enter(std::size_t count) {
  std::size_t taken = 0;
  while (taken < count) {
    ++submissions_;
    const int result = submit_(ring_.get());
    if (result == -EINTR) continue;
    if (result <= 0) {
      failure_ = "io_uring_enter: " + message_of(-result);
      break;
    }
    taken += static_cast<std::size_t>(result);
  }
  return taken;
}

/// Writes the results that are there; returns how many.
template <class Operation>
std::size_t IoRing::collect(std::span<Operation> chunk) {
  std::array<io_uring_cqe*, 64> completions{};
  std::size_t sum = 0;
  while (true) {
    const unsigned count =
        ::io_uring_peek_batch_cqe(ring_.get(), completions.data(), completions.size());
    if (count == 0) return sum;
    for (const io_uring_cqe* completion : std::span(completions).first(count)) {
      Operation& operation = chunk[::io_uring_cqe_get_data64(completion)];
      operation.result = completion->res;
      if (operation.result == -EINTR) loop_.perform(std::span(&operation, 1));
    }
    ::io_uring_cq_advance(ring_.get(), count);
    sum += count;
  }
}

void IoRing::give_up(std::string reason) {
  failure_ = std::move(reason);
  ring_.reset();
}

}  // namespace carillon::net
