// The IoBatch that works everywhere: one system call per operation.
#pragma once

#include "net/io_batch.hpp"

namespace carillon::net {

class IoLoop final : public IoBatch {
 public:
  void send_many(std::span<SendOp> operations) override;
  void recv_many(std::span<RecvOp> operations) override;
  std::string_view name() const override { return "loop"; }
};

}  // namespace carillon::net
