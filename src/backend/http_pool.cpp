#include "backend/http_pool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace carillon::backend {
namespace {

using outgoing::Answer;
using outgoing::Failure;
using outgoing::FailureKind;

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

}  // namespace

HttpPool::HttpPool(net::Reactor& reactor, outgoing::Resolver& resolver, const PoolOptions& options)
    : reactor_(reactor),
      options_(options),
      call_options_{
          .server = options.server,
          .silence = options.time_limit,
          .idle = limits::kIdleTime,
          // Read now, at the start: a call must not wait for it.
          .trust = options.server.is_secure() ? net::TlsClientContext::of_system() : nullptr,
          .resolver = &resolver} {}

HttpPool::~HttpPool() {
  calls_.for_each([this](Handle, Call& call) { reactor_.cancel(call.time_limit); });
}

void HttpPool::call(outgoing::HttpRequest request, Done done) {
  if (waiting_count_ >= options_.waiting_calls) {
    return reactor_.defer([done = std::move(done), count = waiting_count_]() mutable {
      done(std::unexpected(
          Failure{.kind = FailureKind::Busy, .text = fmt::format("{} calls wait already", count)}));
    });
  }
  const Handle handle =
      calls_.insert({.request = std::move(request), .done = std::move(done), .time_limit = {}});
  calls_.find(handle)->time_limit =
      reactor_.after(options_.time_limit, [this, handle] { on_late(handle); });
  waiting_.push_back(handle);
  ++waiting_count_;
  begin_waiting();
}

void HttpPool::drain() {
  draining_ = true;
  for (const auto& connection : connections_) {
    if (!connection->call) connection->requester.cancel();
  }
}

void HttpPool::begin_waiting() {
  while (!waiting_.empty()) {
    const Handle next = waiting_.front();
    if (calls_.find(next) != nullptr) {
      const std::size_t index = free_connection();
      if (index == kNone) return;
      --waiting_count_;
      begin(next, index);
    }
    waiting_.pop_front();
  }
}

/// One that is open, or else one that is not, or else a new one.
std::size_t HttpPool::free_connection() {
  std::size_t closed = kNone;
  for (std::size_t index = 0; index < connections_.size(); ++index) {
    Connection& connection = *connections_[index];
    if (connection.call) continue;
    if (connection.requester.is_connected()) return index;
    closed = index;
  }
  if (closed != kNone || connections_.size() >= options_.connections) return closed;
  connections_.push_back(
      std::make_unique<Connection>(reactor_, call_options_, options_.answer_bytes));
  return connections_.size() - 1;
}

void HttpPool::begin(Handle handle, std::size_t index) {
  Call& call = *calls_.find(handle);
  Connection& connection = *connections_[index];
  call.is_waiting = false;
  call.connection = index;
  connection.call = handle;
  connection.was_kept = connection.requester.is_connected();
  connection.requester.send(call.request, [this, index](Result<Answer, Failure> result) {
    on_result(index, std::move(result));
  });
}

void HttpPool::on_result(std::size_t index, Result<Answer, Failure> result) {
  Connection& connection = *connections_[index];
  const Handle handle = std::exchange(connection.call, {});
  Call* call = calls_.find(handle);
  const bool had_gone = !result && result.error().kind == FailureKind::Lost &&
                        connection.was_kept && !connection.requester.has_begun();
  if (had_gone && call != nullptr && !std::exchange(call->is_second, true)) {
    return begin(handle, index);
  }
  if (draining_) connection.requester.cancel();
  finish(handle, std::move(result));
  begin_waiting();
}

void HttpPool::on_late(Handle handle) {
  Call& call = *calls_.find(handle);
  if (call.is_waiting) {
    --waiting_count_;
  } else {
    Connection& connection = *connections_[call.connection];
    connection.call = {};
    connection.requester.cancel();
  }
  const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(options_.time_limit);
  finish(handle,
         std::unexpected(Failure{.kind = FailureKind::Silent,
                                 .text = fmt::format("no answer within {} ms", limit.count())}));
  begin_waiting();
}

void HttpPool::finish(Handle handle, Result<Answer, Failure> result) {
  Call* found = calls_.find(handle);
  if (found == nullptr) return;
  reactor_.cancel(found->time_limit);
  Done done = std::move(found->done);
  calls_.erase(handle);
  done(std::move(result));
}

}  // namespace carillon::backend
