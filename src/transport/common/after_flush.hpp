// A second look at an outbox, when this tick's flush has shown whether its stream is congested.
#pragma once

#include <utility>

#include "net/reactor.hpp"

namespace carillon::transport {

/// Runs `task` in the tick after this one: timers are too coarse for what waits for it.
inline void after_flush(net::Reactor& reactor, net::Task task) {
  reactor.defer([&reactor, later = std::move(task)]() mutable { reactor.defer(std::move(later)); });
}

}  // namespace carillon::transport
