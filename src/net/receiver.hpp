// The start of a tick: every readable stream, in batches, each with a slice of one arena.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "core/slot_table.hpp"
#include "net/io_batch.hpp"

namespace carillon::net {

class Reactor;

/// Thread: its reactor's own.
class Receiver {
 public:
  explicit Receiver(Reactor& reactor) : reactor_(reactor) {}

  /// The stream is readable (or broken, which a receive tells).
  void add(Handle stream) { ready_.push_back(stream); }
  /// Receives once for each of them and calls their handlers.
  void receive_all();

 private:
  void receive_batch(std::span<const Handle> streams);

  Reactor& reactor_;
  std::vector<Handle> ready_;
  std::unique_ptr<char[]> arena_;  // made at the first use
  std::vector<RecvOp> operations_;
  std::vector<Handle> receivers_;  // of the operations, in the same order
};

}  // namespace carillon::net
