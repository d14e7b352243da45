// The start of a tick: every readable stream, in batches, each with a slice of one arena.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/slot_table.hpp"
#include "net/io_batch.hpp"

namespace carillon::net {

class Reactor;

/// Where the octets of TLS streams are decrypted to, and what a stage answers by itself; both only
/// for the length of one call.
struct TlsScratch {
  std::unique_ptr<char[]> plain;
  std::size_t plain_bytes = 0;
  std::string answer;
};

/// Thread: its reactor's own.
class Receiver {
 public:
  explicit Receiver(Reactor& reactor) : reactor_(reactor) {}

  /// The stream is readable (or broken, which a receive tells).
  void add(Handle stream) { ready_.push_back(stream); }
  /// Lifetime: used by one stream at a time.
  TlsScratch& tls_scratch();
  /// Receives once for each of them and calls their handlers.
  void receive_all();

 private:
  void receive_batch(std::span<const Handle> streams);

  Reactor& reactor_;
  std::vector<Handle> ready_;
  std::unique_ptr<char[]> arena_;  // made at the first use
  TlsScratch tls_scratch_;         // likewise
  std::vector<RecvOp> operations_;
  std::vector<Handle> receivers_;  // of the operations, in the same order
};

}  // namespace carillon::net
