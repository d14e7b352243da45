// Many connections of one kind, opened at a bounded pace.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "load/client.hpp"
#include "load/event_streams.hpp"
#include "load/loop.hpp"
#include "load/options.hpp"

namespace carillon::bench {

/// Turns the loop until `done`; throws WireError, with `what` it was waiting for, when `progress`
/// has not changed for the patience of the options.
void turn_until(Loop& loop, const Options& options, const std::string& what,
                const std::function<std::uint64_t()>& progress, const std::function<bool()>& done);

/// Each client on a connection of its own, or, of event streams over HTTP/2, several on one.
class Crowd {
 public:
  Crowd(Loop& loop, const Options& options, ClientListener& listener)
      : loop_(loop), options_(options), listener_(listener) {}

  /// Opens connections until there are so many clients, all of them ready.
  void grow(std::size_t count);
  /// To be called by the listener's on_ready.
  void on_ready() { ++ready_; }

  /// A client that has a connection of its own.
  Client& at(std::size_t index) { return *clients_[index]; }
  std::size_t size() const { return count_; }
  void clear();

 private:
  void open_next(std::size_t count);

  Loop& loop_;
  const Options& options_;
  ClientListener& listener_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<std::unique_ptr<EventStreams>> shared_;  // HTTP/2 connections
  std::size_t count_ = 0;
  std::size_t ready_ = 0;
};

}  // namespace carillon::bench
