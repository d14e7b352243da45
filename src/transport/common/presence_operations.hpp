// Who is in a channel, what one shows there, and signals to another member: checked here, done by
// the hub.
#pragma once

#include "hub/presence.hpp"
#include "protocol/native/command.hpp"
#include "transport/common/operations.hpp"

namespace carillon::transport {

/// Octets of what a member shows of itself, and of a signal's data: an SDP offer of a call with
/// many streams is about 20 kB.
inline constexpr std::size_t kMostPresenceData = 1024;
inline constexpr std::size_t kMostSignalData = 32 * 1024;

/// Errors: BadRequest, Unauthenticated, Forbidden, NotSupported where it is not known who is
///         there, RateLimited, Unavailable.
void list_members(Worker& worker, const Caller& caller, const native::Presence& command,
                  Outcome<hub::PresencePage> done);

/// Errors: as above, and Conflict for who is not in the channel, TooLarge.
void show_presence(Worker& worker, const Caller& caller, const native::Presence& command,
                   Outcome<void> done);

/// Into the channel of another client, which shares some channel with this one.
/// Errors: BadRequest, Forbidden where they share none, TooLarge, RateLimited, Unavailable.
void signal(Worker& worker, const Caller& caller, const native::Signal& command,
            Outcome<void> done);

}  // namespace carillon::transport
