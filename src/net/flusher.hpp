// The end of a tick: every stream with something new to send, in slices, each one send.
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <vector>

#include "core/slot_table.hpp"
#include "net/io_batch.hpp"
#include "net/send_queue.hpp"

namespace carillon::net {

class Reactor;
class Stream;

/// The streams with something to send, in the order in which they got it.
/// Thread: its reactor's own.
class Flusher {
 public:
  explicit Flusher(Reactor& reactor) : reactor_(reactor) {}

  /// Something to send, or to end.
  void add(Handle stream) { dirty_.push_back(stream); }
  /// Other events to watch; not a matter of slices, so that pausing is prompt.
  void add_changed(Handle stream) { changed_.push_back(stream); }
  bool work_is_left() const { return first_ < dirty_.size() || !changed_.empty(); }

  /// Serves at most `limits::kSendsPerSlice` of those that were dirty at the call. Nothing is
  /// called back between gathering a batch and sending it, so the gathered octets stay in place.
  void flush_slice();

  SendQueuePool& queues() { return queues_; }

 private:
  struct Sender {
    Handle stream;
    std::size_t offered_bytes = 0;
  };

  void update_interests();
  void gather(std::size_t end);
  void offer(Stream& stream);
  void settle();
  void forget_served();

  Reactor& reactor_;
  std::vector<Handle> changed_;
  std::vector<Handle> dirty_;
  std::size_t first_ = 0;  // of `dirty_`: those before it are served
  // The batch at work; the memory is kept.
  std::vector<SendOp> operations_;
  std::vector<Sender> senders_;  // of the operations, in the same order
  std::vector<Handle> silent_;   // dirty with nothing to send, e.g. closed ones
  std::vector<iovec> pieces_;
  std::size_t pieces_used_ = 0;
  SendQueuePool queues_;
};

}  // namespace carillon::net
