// The IoBatch over io_uring: many sends or receives in one system call. The ring is a batcher and
// nothing else: no operation waits for its socket, so all of them have completed when the call
// returns, and no buffer is the kernel's beyond it.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "net/io_batch.hpp"
#include "net/io_loop.hpp"

struct io_uring;

namespace carillon::net {

/// Few operations are done one by one: below `limits::kRingWorthwhile` a ring saves nothing.
/// Should the kernel ever refuse the ring, or not complete an operation at once, the batch is
/// finished the plain way, the log says so, and the ring is given up for good.
class IoRing final : public IoBatch {
 public:
  /// Hands what is queued to the kernel. Returns how many operations it took, or a negative errno.
  using Submit = int (*)(io_uring* ring);

  /// Makes a ring and tries it out.
  /// Errors: a reason in words: there is no io_uring here, it is forbidden, or it does not do what
  ///         is asked of it. `submit` is for tests; null: io_uring_submit.
  static Result<std::unique_ptr<IoRing>, std::string> make(Submit submit = nullptr);

  void send_many(std::span<SendOp> operations) override;
  void recv_many(std::span<RecvOp> operations) override;
  void send_datagrams(std::span<DatagramSendOp> operations) override;
  void recv_datagrams(std::span<DatagramRecvOp> operations) override;
  /// `uring`, or the loop's once the ring was given up.
  std::string_view name() const override;
  std::uint64_t system_calls() const override { return submissions_ + loop_.system_calls(); }

 private:
  struct Exit {
    void operator()(io_uring* ring) const;
  };
  using Ring = std::unique_ptr<io_uring, Exit>;

  IoRing(Ring ring, Submit submit);
  static Result<Ring, std::string> set_up();
  void try_out();

  template <class Operation>
  void perform(std::span<Operation> operations);
  template <class Operation>
  void perform_chunk(std::span<Operation> chunk);
  template <class Operation>
  std::size_t collect(std::span<Operation> chunk);
  void queue(const SendOp& operation, std::size_t index);
  void queue(const RecvOp& operation, std::size_t index);
  void queue(const DatagramSendOp& operation, std::size_t index);
  void queue(const DatagramRecvOp& operation, std::size_t index);
  std::size_t enter(std::size_t count);
  void give_up(std::string reason);

  Ring ring_;  // null once given up
  Submit submit_;
  IoLoop loop_;
  std::vector<msghdr> messages_;  // of gathered sends, by their place in the chunk
  std::string failure_;           // why the ring was given up
  std::uint64_t submissions_ = 0;
};

}  // namespace carillon::net
