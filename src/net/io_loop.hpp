// The IoBatch that works everywhere: one system call per operation, or per run of
// datagrams that one socket sends.
#pragma once

#include "net/io_batch.hpp"

namespace carillon::net {

class IoLoop final : public IoBatch {
 public:
  void send_many(std::span<SendOp> operations) override { perform(operations); }
  void recv_many(std::span<RecvOp> operations) override { perform(operations); }
  void send_datagrams(std::span<DatagramSendOp> operations) override { perform(operations); }
  void recv_datagrams(std::span<DatagramRecvOp> operations) override { perform(operations); }
  std::string_view name() const override { return "epoll"; }
  std::uint64_t system_calls() const override { return system_calls_; }

  void perform(std::span<SendOp> operations);
  void perform(std::span<RecvOp> operations);
  void perform(std::span<DatagramSendOp> operations);
  void perform(std::span<DatagramRecvOp> operations);

 private:
  void send_run(std::span<DatagramSendOp> run);

  std::uint64_t system_calls_ = 0;
};

}  // namespace carillon::net
