// One event loop on one thread; it owns its connections.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/slot_table.hpp"
#include "core/time.hpp"
#include "net/address.hpp"
#include "net/flusher.hpp"
#include "net/io_batch.hpp"
#include "net/limits.hpp"
#include "net/mailbox.hpp"
#include "net/poller.hpp"
#include "net/probe.hpp"
#include "net/receiver.hpp"
#include "net/stream.hpp"
#include "net/stream_table.hpp"
#include "net/task.hpp"
#include "net/timer_wheel.hpp"
#include "net/unique_fd.hpp"
#include "net/waker.hpp"

namespace carillon::net {

/// Called at the end of each tick before the flush, where the tick's work is gathered.
class TickHook {
 public:
  virtual ~TickHook() = default;
  /// True: there is more. The reactor flushes, polls once without waiting and calls again.
  virtual bool on_tick_end() = 0;
};

/// A descriptor of another kind than a stream (a listener, a signalfd, later UDP).
class EventSource {
 public:
  virtual ~EventSource() = default;
  /// `events` as epoll gives them (EPOLLIN, …); level-triggered.
  virtual void on_ready(std::uint32_t events) = 0;
};

/// Names a timer made by `Reactor::after`.
struct TimerId {
  Handle handle;
  bool operator==(const TimerId&) const = default;
};

struct ReactorOptions {
  std::size_t index = 0;  // its place in the pool
  Duration write_time_limit = limits::kWriteTime;
  Duration linger_time = limits::kLingerTime;
  IoBatchFactory make_io_batch = {};  // called on the reactor's thread; none: IoLoop
  /// A connection has gone whose peer is_counted(), on its reactor's thread; may be empty.
  std::function<void(const PeerAddress&)> on_counted_gone = {};
};

/// A tick: wait; receive and dispatch; timers; mailboxes; posted tasks; deferred tasks; tick hooks;
/// one slice of the flush; destroy what was closed. It never sleeps while any of these has work
/// left, and each of them is bounded per tick, so that sockets are always polled again soon.
/// Thread: everything but `post`, `stop` and `index` belongs to the thread that calls `run` (before
///         `run`: the one that made it).
class Reactor {
 public:
  /// Throws std::system_error without descriptors: start-up only.
  explicit Reactor(ReactorOptions options = {});
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;
  ~Reactor();

  /// Runs ticks until `stop`; then open streams hear on_closed(Shutdown) and are closed.
  void run();
  /// One tick that waits at most so long: for tests and for a loop of one's own.
  void run_once(Duration longest_wait);
  /// Any thread. Pending output is written once more as far as the kernel takes it.
  void stop();
  /// Any thread, before and while it runs: for control, never for messages (it takes a mutex).
  /// False when the queue is full or the reactor has stopped; the task is then destroyed unrun.
  bool post(Task task);
  /// The same for what must not be lost to a full queue: there are few of its kind.
  bool post_control(Task task);

  std::size_t index() const { return options_.index; }
  const ReactorOptions& options() const { return options_; }
  /// The moment of this tick.
  TimePoint now() const { return now_; }
  /// The wall clock, read once per tick.
  Timestamp wall_clock();
  Probe& probe() { return probe_; }
  /// Of the reactor's own thread; made at the first call.
  IoBatch& batch();
  /// Null before the first tick.
  const IoBatch* io_batch() const { return batch_.get(); }

  /// Takes a connected socket (made non-blocking here). An empty handle when the factory refused it
  /// or the kernel could not watch it.
  Handle adopt(UniqueFd socket, const PeerAddress& peer, const HandlerFactory& factory);
  Handle adopt(UniqueFd socket, const PeerAddress& peer, std::unique_ptr<StreamHandler> handler);
  /// Takes what another reactor has detached; an empty handle as above.
  Handle adopt(DetachedStream stream, std::unique_ptr<StreamHandler> handler);
  /// Null once the stream was closed, by whomever.
  Stream* find(Handle handle);
  /// Streams that hold a descriptor, those on their way out included.
  std::size_t stream_count() const { return streams_.size(); }
  /// Calls `visit(Stream&)` for each open stream; it may close any.
  template <class Visit>
  void for_each_stream(Visit visit);

  /// Runs at the end of this tick, before the hooks; from there on: of the next tick.
  void defer(Task task);
  /// At a resolution of `limits::kTimerTick`; for "soon" there is `defer`.
  TimerId after(Duration delay, Task task);
  /// Quiet when it has run or was cancelled.
  void cancel(TimerId timer);
  /// The wait before the next tick ends after `delay` (rounded up to a millisecond) at the latest.
  void wake_within(Duration delay) { wake_at_ = std::min(wake_at_, now_ + delay); }
  /// For timers of one's own, without an allocation each.
  TimerWheel& timers() { return timers_; }

  /// Lifetime: the hook outlives the reactor or is removed; it may be removed in its own call.
  void add_tick_hook(TickHook& hook);
  void remove_tick_hook(TickHook& hook);

  /// Watches a descriptor until `unwatch`. Events as for epoll, EPOLLEXCLUSIVE included.
  /// Errors: an empty handle when the kernel refuses; errno tells why.
  Handle watch(int fd, std::uint32_t events, EventSource& source);
  void unwatch(Handle watch);

  // Other reactors of the pool (which connects them before it starts).

  /// From this reactor to `peer`: here we send.
  Mailbox& mailbox_to(std::size_t peer) { return *outgoing_[peer]; }
  /// From `peer` to this reactor: here we reserve slots for answers.
  Mailbox& mailbox_from(std::size_t peer) { return *incoming_[peer]; }
  void connect(std::vector<Mailbox*> incoming, std::vector<Mailbox*> outgoing);
  Waker& waker() { return waker_; }

 private:
  friend class Stream;
  friend class StreamTable;
  friend class Flusher;
  friend class Receiver;
  struct TaskTimer;
  struct Watch {
    int fd = -1;
    EventSource* source = nullptr;
  };

  void start_tick(Duration longest_wait);
  bool work_is_left() const;
  bool letters_wait() const;
  int wait_milliseconds(Duration longest_wait);
  void dispatch(std::span<const PollEvent> events);
  void dispatch_to_source(const PollEvent& event);
  void read_mailboxes();
  bool post_within(std::size_t limit, Task task);
  void run_posted();
  void run_deferred();
  void call_hooks();
  void shut_down();
  void flush_all();
  void drop_tasks();
  void run_task(Task& task);
  /// Calls `call`; false when it threw, which is logged and counted.
  template <class Call>
  bool guarded(const char* what, Call call);
  void caught(const char* what, const char* message);

  ReactorOptions options_;
  TimePoint now_;
  TimePoint wake_at_ = TimePoint::max();  // see wake_within
  std::optional<Timestamp> wall_clock_;
  Probe probe_;
  Poller poller_;
  Waker waker_;
  TimerWheel timers_;
  std::unique_ptr<IoBatch> batch_;
  StreamTable streams_;
  Receiver receiver_;
  Flusher flusher_;

  SlotTable<Watch> watches_;
  SlotTable<std::unique_ptr<TaskTimer>> task_timers_;
  std::vector<Mailbox*> incoming_;
  std::vector<Mailbox*> outgoing_;
  std::vector<Task> deferred_;
  std::vector<TickHook*> hooks_;  // null: removed, perhaps in its own call
  bool hooks_have_more_ = false;

  std::mutex posted_mutex_;
  std::vector<Task> posted_;             // guarded by the mutex
  bool posted_closed_ = false;           // guarded by the mutex
  std::atomic<bool> posted_any_{false};  // so that a tick need not take the mutex
  std::atomic<bool> stop_{false};
};

template <class Call>
bool Reactor::guarded(const char* what, Call call) {
  try {
    call();
    return true;
  } catch (const std::exception& error) {
    caught(what, error.what());
  } catch (...) {
    caught(what, "not a std::exception");
  }
  return false;
}

template <class Visit>
void Reactor::for_each_stream(Visit visit) {
  streams_.for_each_open(visit);
}

}  // namespace carillon::net
