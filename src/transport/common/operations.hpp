// What clients may do with channels, whichever way they ask: checked here, done by the hub.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "hub/broker.hpp"
#include "protocol/native/command.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {

/// Called exactly once, at once or later, whatever has become of the caller by then.
template <class Value>
using Outcome = std::move_only_function<void(Result<Value, Problem>)>;

/// Errors: BadRequest for what cannot be a channel's name.
Result<void, Problem> check_channel(Bytes name);

/// What a reader is told whose position cannot be continued from (docs/protocol.md §4).
Problem gone(const hub::Page& page);

/// Errors: BadRequest, TooLarge, Unauthenticated, Forbidden, Invalid, Unavailable.
void publish(Worker& worker, const Caller& caller, Bytes channel, const native::Publish& command,
             Outcome<hub::Receipt> done);

void publish_ephemeral(Worker& worker, const Caller& caller, Bytes channel,
                       const native::Ephemeral& command, Outcome<void> done);

void read_history(Worker& worker, const Caller& caller, const native::History& command,
                  Outcome<hub::Page> done);

}  // namespace carillon::transport
