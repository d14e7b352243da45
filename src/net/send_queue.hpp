// An outbox in use: it belongs to a stream that has something to send, and carries that stream's
// write time limit.
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "net/outbox.hpp"
#include "net/timer_wheel.hpp"

namespace carillon::net {

class Stream;
class TlsStage;

struct SendQueue final : TimerNode {
  Outbox outbox;
  Stream* stream = nullptr;

  bool empty() const { return outbox.empty() && sealed_bytes() == 0; }
  std::size_t byte_count() const { return outbox.byte_count() + sealed_bytes(); }
  void clear();

  // With TLS: what waits in the outbox becomes records, as full as they can be and no earlier than
  // the socket asks for them.

  /// Makes records of the outbox, up to `limits::kSealedBytes`. False: TLS has failed.
  bool seal(TlsStage& stage);
  /// Where handshakes and alerts are appended.
  std::string& sealed() { return sealed_; }
  std::size_t sealed_bytes() const { return sealed_.size() - sealed_sent_; }
  /// As `Outbox::gather`.
  std::size_t gather_sealed(std::span<iovec> pieces);
  void consume_sealed(std::size_t count);

 private:
  void on_time() override;  // the stream's write time limit

  std::string sealed_;
  std::size_t sealed_sent_ = 0;  // octets of it that the kernel has
};

/// Empty queues for reuse, so that a busy stream does not allocate at each turn.
/// Thread: one thread.
class SendQueuePool {
 public:
  std::unique_ptr<SendQueue> take(Stream& stream);
  /// What it holds is dropped, its timer stops.
  void give_back(std::unique_ptr<SendQueue> queue);

 private:
  std::vector<std::unique_ptr<SendQueue>> spare_;
};

}  // namespace carillon::net
