// The server behind the façade: the node, what the façade keeps on each reactor, and the ways from
// any thread to a reactor.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "carillon/server.hpp"
#include "facade/local.hpp"
#include "facade/waiting_bytes.hpp"
#include "net/signals.hpp"
#include "server/server.hpp"

namespace carillon::facade {

/// Timers and subscriptions are named by a number that ends in their reactor.
inline constexpr std::uint64_t kReactorBits = 16;

/// For what a program may keep for longer than the server: null once that is being destroyed.
class Core;
using CoreReference = std::shared_ptr<std::atomic<Core*>>;

class Core {
 public:
  using Task = std::move_only_function<void(Local&)>;

  explicit Core(const ServerOptions& options);
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;
  ~Core() { reference_->store(nullptr); }

  server::Server& node() { return node_; }
  const transport::Settings& settings() const { return node_.settings(); }
  /// For readers with that window, 9–15, after compress_frames(); 0: as it is.
  hub::WireFormId data_frame(std::uint8_t window_bits) const { return data_frames_[window_bits]; }
  /// Before the server runs; a second call does nothing.
  void compress_frames();
  hub::WireFormId data_event() const { return data_event_; }

  /// A handler of this worker's reactor is about to run.
  Local& enter(transport::Worker& worker);
  /// What this thread's reactor has; null on a thread that is none of ours.
  Local* here() const;

  /// Runs `task` on that reactor, soon; from one thread in the order of the calls. `bytes` is what
  /// of a message it carries.
  /// Returns: false where too many (or kWaitingBytes) wait, or the reactor has stopped.
  /// Thread:  any.
  bool post_to(std::size_t reactor, Task task, std::size_t bytes = 0);
  /// The same for the owner of an endpoint; quiet, and true, where that has ended then.
  template <class Endpoint, class Call>
  bool post_to(EndpointId<Endpoint> id, Call call, std::size_t bytes = 0) {
    if (!knows(id.reactor)) return false;
    auto task = [id, call = std::move(call)](Local& local) mutable {
      if (Endpoint* endpoint = local.find(id)) call(*endpoint);
    };
    return post_to(id.reactor, std::move(task), bytes);
  }
  bool knows(std::size_t reactor) const { return reactor < locals_.size(); }

  /// A fresh number on the caller's reactor, or on the first.
  std::uint64_t make_number();
  static std::size_t reactor_of(std::uint64_t number) {
    return number & ((std::uint64_t{1} << kReactorBits) - 1);
  }
  /// At once where this is that number's reactor, else soon; from one thread in the order of the
  /// calls, those of end_at() among them. Returns as post_to().
  bool run_at(std::uint64_t number, Task task, std::size_t bytes = 0);
  /// The same for what ends something, which no full queue may lose.
  void end_at(std::uint64_t number, Task task);
  const CoreReference& reference() const { return reference_; }
  /// The signals are the program's own again.
  void release_signals() { signals_.reset(); }

 private:
  hub::WireFormId add_data_frame(std::uint8_t window_bits);
  net::Task wrapped(Local& local, Task task, WaitingBytes::Place place = {});
  /// Null: it is to run elsewhere.
  Local* here_for(std::uint64_t number) const;

  std::optional<net::PreparedSignals> signals_;
  server::Config config_;
  std::deque<WaitingBytes> waiting_;  // by reactor; it outlives what the node's queues hold
  server::Server node_;
  std::array<hub::WireFormId, websocket::kMostWindowBits + 1> data_frames_;
  hub::WireFormId data_event_;
  std::vector<std::unique_ptr<Local>> locals_;
  std::atomic<std::uint64_t> next_number_{1};
  bool compresses_frames_ = false;
  const CoreReference reference_ = std::make_shared<std::atomic<Core*>>(this);
};

}  // namespace carillon::facade
