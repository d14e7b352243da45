// Calls to one back end: many at a time over a few connections, which are kept and used again.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backend/limits.hpp"
#include "core/result.hpp"
#include "core/slot_table.hpp"
#include "core/time.hpp"
#include "net/reactor.hpp"
#include "outgoing/options.hpp"
#include "outgoing/requester.hpp"

namespace carillon::backend {

struct PoolOptions {
  outgoing::ServerUrl server;
  Duration time_limit = std::chrono::seconds(3);  // of a call, its wait for a connection included
  std::size_t answer_bytes = 64 * 1024;           // of a body
  std::size_t connections = limits::kConnections;
  std::size_t waiting_calls = limits::kWaitingCalls;
};

/// Calls begin in the order in which they came. One that was sent over a connection that had been
/// kept, and had gone before anything of an answer came, is sent once more: servers end idle
/// connections when they like. So a call may reach the back end twice.
/// Thread:   its reactor's.
/// Lifetime: reactor and resolver outlive it; not destroyed in a callback of its own.
class HttpPool {
 public:
  using Done = std::move_only_function<void(Result<outgoing::Answer, outgoing::Failure>)>;

  HttpPool(net::Reactor& reactor, outgoing::Resolver& resolver, const PoolOptions& options);
  HttpPool(const HttpPool&) = delete;
  HttpPool& operator=(const HttpPool&) = delete;
  /// Calls under way are dropped without an answer.
  ~HttpPool();

  /// `done` is called once, never within this call.
  /// Errors: as of HttpClient; Silent after `time_limit`; Busy when too many calls wait.
  void call(outgoing::HttpRequest request, Done done);
  /// Keeps no connection from now on: what is under way ends, and its connection with it.
  void drain();

 private:
  struct Call {
    outgoing::HttpRequest request;
    Done done;
    net::TimerId time_limit;
    std::size_t connection = 0;  // where it is under way
    bool is_waiting = true;
    bool is_second = false;
  };
  struct Connection {
    outgoing::Requester requester;
    Handle call = {};  // under way
    bool was_kept = false;
    Connection(net::Reactor& reactor, const outgoing::CallOptions& options, std::size_t bytes)
        : requester(reactor, options, bytes) {}
  };

  void begin_waiting();
  std::size_t free_connection();
  void begin(Handle handle, std::size_t index);
  void on_result(std::size_t index, Result<outgoing::Answer, outgoing::Failure> result);
  void on_late(Handle handle);
  void finish(Handle handle, Result<outgoing::Answer, outgoing::Failure> result);

  net::Reactor& reactor_;
  PoolOptions options_;
  outgoing::CallOptions call_options_;
  std::vector<std::unique_ptr<Connection>> connections_;
  SlotTable<Call> calls_;
  std::deque<Handle> waiting_;  // some may be over already
  std::size_t waiting_count_ = 0;
  bool draining_ = false;
};

}  // namespace carillon::backend
