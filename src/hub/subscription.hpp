// What one asks for when subscribing, and what is answered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "core/result.hpp"
#include "hub/client_id.hpp"
#include "hub/error.hpp"
#include "hub/page.hpp"

namespace carillon::hub {

/// From now on.
struct Live {};

using SubscribeStart = std::variant<Live, Latest, After>;

/// Whether a subscriber hears what its own client published.
enum class Echo : std::uint8_t { Everything, NotMyOwn };

/// Whether a subscriber hears of who comes and goes, where that is known.
enum class Hearing : std::uint8_t { Messages, Presence };

/// What to do where more was missed than `limit`.
enum class Overflow : std::uint8_t {
  GoLive,  // the first `limit` of them, then live ones; the rest is the client's to read
  ReadOn,  // the first `limit` of them and no subscription: ask again from `missed_until`
};

struct SubscribeRequest {
  std::string channel;
  SubscribeStart start;
  std::size_t limit = limits::kPagePublications;  // of missed publications; Latest: how many
  Overflow overflow = Overflow::GoLive;
  Echo echo = Echo::Everything;
  ClientId client;  // whose own ones `NotMyOwn` leaves out, live and in recovery
  Hearing hearing = Hearing::Messages;
};

/// Everything after `position` follows by deliveries, once each and in order.
///
/// Where `continuity` is broken, the reader is told a gap at `begin`; `missed` follows it (what
/// is still retained).
struct Subscribed {
  SubscriptionId id;
  std::vector<PublicationPtr> missed;  // oldest first, to be sent before anything else
  Position begin;                      // just before the first of `missed`
  Position missed_until;  // after the last of `missed`; `position` unless more were missed
  Position position;      // live ones follow it
  Continuity continuity = Continuity::Unbroken;
  bool more_missed = false;  // between `missed_until` and `position`
  bool joined = true;        // false: Overflow::ReadOn applied, and `id` has ended
  bool contiguous = true;    // false: the channel conflates when the endpoint is slow

  bool recovered() const { return continuity == Continuity::Unbroken; }
};

/// Called at most once: not after `unsubscribe`. It may come before `subscribe` has returned,
/// always before the first delivery. With an error the subscription has ended.
using SubscribeCallback = std::move_only_function<void(Result<Subscribed, BrokerError>)>;

}  // namespace carillon::hub
