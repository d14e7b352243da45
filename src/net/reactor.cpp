#include "net/reactor.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <limits>
#include <system_error>
#include <utility>

#include "core/check.hpp"
#include "core/log.hpp"
#include "net/io_loop.hpp"

namespace carillon::net {
namespace {

TimePoint read_clock() {
  return std::chrono::steady_clock::now();
}

}  // namespace

struct Reactor::TaskTimer final : TimerNode {
  TaskTimer(Reactor& owner, Task work) : reactor(owner), task(std::move(work)) {}

  void on_time() override {
    Reactor& owner = reactor;
    Task due = std::move(task);
    owner.task_timers_.erase(handle);  // this object ends here
    owner.run_task(due);
  }

  Reactor& reactor;
  Task task;
  Handle handle;
};

Reactor::Reactor(ReactorOptions options)
    : options_(std::move(options)),
      now_(read_clock()),
      timers_(now_),
      streams_(*this),
      receiver_(*this),
      flusher_(*this) {
  if (!poller_.add(waker_.fd(), EPOLLIN, {.table = PollKey::Table::Waker, .handle = {}})) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

Reactor::~Reactor() {
  shut_down();
}

// --- The tick ---------------------------------------------------------------------------------

void Reactor::run() {
  batch();  // so that the log tells at the start which it is
  while (!stop_.load()) run_once(Duration::max());
  run_posted();  // what was posted before the stop
  run_deferred();
  shut_down();
}

void Reactor::run_once(Duration longest_wait) {
  start_tick(longest_wait);
  timers_.advance(now_);
  read_mailboxes();
  run_posted();
  run_deferred();
  call_hooks();
  flusher_.flush_slice();
  streams_.bury();
  probe_.ran_tick(read_clock() - now_);
}

void Reactor::start_tick(Duration longest_wait) {
  int timeout = work_is_left() ? 0 : wait_milliseconds(longest_wait);
  const bool may_sleep = timeout != 0;
  if (may_sleep) {
    waker_.announce_sleep();  // before the last look at the queues: see Waker
    if (letters_wait()) timeout = 0;
  }
  const auto events = poller_.wait(timeout);
  if (may_sleep) waker_.announce_awake();
  wake_at_ = TimePoint::max();
  now_ = read_clock();
  wall_clock_.reset();
  dispatch(events);
}

IoBatch& Reactor::batch() {
  if (!batch_ && options_.make_io_batch) batch_ = options_.make_io_batch();
  if (!batch_) batch_ = std::make_unique<IoLoop>();
  return *batch_;
}

bool Reactor::letters_wait() const {
  const auto filled = [](const Mailbox* mailbox) { return !mailbox->empty(); };
  return stop_.load() || posted_any_.load() || std::ranges::any_of(incoming_, filled);
}

bool Reactor::work_is_left() const {
  return hooks_have_more_ || !deferred_.empty() || flusher_.work_is_left();
}

int Reactor::wait_milliseconds(Duration longest_wait) {
  using std::chrono::milliseconds;
  Duration wait = longest_wait;
  if (const auto due = timers_.next_due()) wait = std::min(wait, *due - read_clock());
  if (wake_at_ != TimePoint::max()) wait = std::min(wait, wake_at_ - read_clock());
  if (wait == Duration::max()) return -1;
  if (wait <= Duration::zero()) return 0;
  constexpr milliseconds kLongest{std::numeric_limits<int>::max()};
  return static_cast<int>(std::min(std::chrono::ceil<milliseconds>(wait), kLongest).count());
}

void Reactor::dispatch(std::span<const PollEvent> events) {
  for (const PollEvent& event : events) {
    if (event.key.table == PollKey::Table::Waker) {
      waker_.drain();
    } else if (event.key.table == PollKey::Table::Streams) {
      Stream* stream = streams_.find(event.key.handle);
      if (stream != nullptr) stream->on_ready(event.events);
    }
  }
  receiver_.receive_all();
  for (const PollEvent& event : events) {
    if (event.key.table == PollKey::Table::Sources) dispatch_to_source(event);
  }
}

void Reactor::dispatch_to_source(const PollEvent& event) {
  const Watch* watch = watches_.find(event.key.handle);
  if (watch == nullptr) return;
  guarded("event source", [&] { watch->source->on_ready(event.events); });
}

void Reactor::read_mailboxes() {
  for (Mailbox* mailbox : incoming_) {
    probe_.received_mail(
        mailbox->drain(limits::kMailboxTasksPerTick, [this](Task& task) { run_task(task); }));
  }
}

void Reactor::run_posted() {
  if (!posted_any_.load()) return;
  std::vector<Task> tasks;
  {
    const std::scoped_lock lock(posted_mutex_);
    tasks.swap(posted_);
    posted_any_.store(false);
  }
  for (Task& task : tasks) {
    run_task(task);
    probe_.ran_posted_task();
  }
}

void Reactor::run_deferred() {
  for (Task& task : std::exchange(deferred_, {})) run_task(task);
}

void Reactor::call_hooks() {
  hooks_have_more_ = false;
  for (std::size_t index = 0; index < hooks_.size(); ++index) {
    guarded("tick hook", [&] {
      if (hooks_[index] != nullptr && hooks_[index]->on_tick_end()) hooks_have_more_ = true;
    });
  }
  std::erase(hooks_, nullptr);
}

void Reactor::run_task(Task& task) {
  guarded("task", [&] { task(); });
}

void Reactor::caught(const char* what, const char* message) {
  probe_.caught_exception();
  log::error("a {} of reactor {} threw: {}", what, index(), message);
}

// --- Other threads ----------------------------------------------------------------------------

bool Reactor::post(Task task) {
  return post_within(limits::kPostedTasks, std::move(task));
}

bool Reactor::post_control(Task task) {
  return post_within(std::numeric_limits<std::size_t>::max(), std::move(task));
}

bool Reactor::post_within(std::size_t limit, Task task) {
  {
    const std::scoped_lock lock(posted_mutex_);
    if (posted_closed_ || posted_.size() >= limit) return false;
    posted_.push_back(std::move(task));
    posted_any_.store(true);
  }
  waker_.wake();
  return true;
}

void Reactor::stop() {
  stop_.store(true);
  waker_.wake();
}

void Reactor::connect(std::vector<Mailbox*> incoming, std::vector<Mailbox*> outgoing) {
  incoming_ = std::move(incoming);
  outgoing_ = std::move(outgoing);
}

// --- Streams ------------------------------------------------------------------------------------

Handle Reactor::adopt(UniqueFd socket, const PeerAddress& peer, const HandlerFactory& factory) {
  return streams_.adopt(std::move(socket), peer, factory);
}

Handle Reactor::adopt(UniqueFd socket, const PeerAddress& peer,
                      std::unique_ptr<StreamHandler> handler) {
  return adopt(std::move(socket), peer, [&handler](Stream&) { return std::move(handler); });
}

Handle Reactor::adopt(DetachedStream stream, std::unique_ptr<StreamHandler> handler) {
  return streams_.adopt(std::move(stream), std::move(handler));
}

Stream* Reactor::find(Handle handle) {
  Stream* stream = streams_.find(handle);
  return stream != nullptr && stream->open() ? stream : nullptr;
}

// --- Time and tasks ---------------------------------------------------------------------------

Timestamp Reactor::wall_clock() {
  using std::chrono::microseconds;
  if (!wall_clock_) {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    wall_clock_ = Timestamp{std::chrono::duration_cast<microseconds>(since_epoch).count()};
  }
  return *wall_clock_;
}

void Reactor::defer(Task task) {
  deferred_.push_back(std::move(task));
}

TimerId Reactor::after(Duration delay, Task task) {
  auto timer = std::make_unique<TaskTimer>(*this, std::move(task));
  TaskTimer& waiting = *timer;
  waiting.handle = task_timers_.insert(std::move(timer));
  timers_.set(waiting, now_ + delay);
  return TimerId{waiting.handle};
}

void Reactor::cancel(TimerId timer) {
  task_timers_.erase(timer.handle);
}

void Reactor::add_tick_hook(TickHook& hook) {
  hooks_.push_back(&hook);
}

void Reactor::remove_tick_hook(TickHook& hook) {
  std::ranges::replace(hooks_, &hook, static_cast<TickHook*>(nullptr));
}

Handle Reactor::watch(int fd, std::uint32_t events, EventSource& source) {
  const Handle handle = watches_.insert({.fd = fd, .source = &source});
  const PollKey key{.table = PollKey::Table::Sources, .handle = handle};
  if (poller_.add(fd, events, key)) return handle;
  const int error = errno;
  watches_.erase(handle);
  errno = error;
  return Handle{};
}

void Reactor::unwatch(Handle watch) {
  const Watch* found = watches_.find(watch);
  if (found == nullptr) return;
  poller_.remove(found->fd);
  watches_.erase(watch);
}

// --- The end ------------------------------------------------------------------------------------

void Reactor::shut_down() {
  flush_all();
  streams_.close_all();
  streams_.bury();
  drop_tasks();
  streams_.bury();
}

/// As far as the kernel takes it at once. Bounded, as a drained stream may have more to say.
void Reactor::flush_all() {
  constexpr std::size_t kTurns = 4;
  std::size_t slices = kTurns * (streams_.size() / limits::kSendsPerSlice + 1);
  for (; flusher_.work_is_left() && slices > 0; --slices) flusher_.flush_slice();
}

/// What tasks own may come back here when it goes, so each list is empty before its tasks die.
void Reactor::drop_tasks() {
  std::vector<Task> posted;
  {
    const std::scoped_lock lock(posted_mutex_);
    posted_closed_ = true;
    posted.swap(posted_);
  }
  const std::vector<Task> deferred = std::exchange(deferred_, {});
  task_timers_.for_each(
      [this](Handle handle, std::unique_ptr<TaskTimer>&) { cancel(TimerId{handle}); });
}

}  // namespace carillon::net
