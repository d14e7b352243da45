// Every bound of the hub, with its unit and the reason for the number.
#pragma once

#include <chrono>
#include <cstddef>

namespace carillon::hub::limits {

/// Publications that one read or one subscribe answers with. The protocol's own cap; a page of
/// small messages stays below a mebibyte.
inline constexpr std::size_t kPagePublications = 1'000;

/// Channels that one page of the channel list names. A page of names stays below 128 KiB.
inline constexpr std::size_t kPageChannels = 1'000;

/// Subscriptions of one session; counted where sessions are, in the transports.
inline constexpr std::size_t kSubscriptionsPerSession = 1'000;

/// Octets of a channel's name. The protocol's own cap.
inline constexpr std::size_t kChannelNameBytes = 128;

/// Wire forms in the registry: transports times encodings, with room.
inline constexpr std::size_t kWireForms = 32;

/// Publications that wait in one reactor's channel for a walk over its subscribers to end. Beyond
/// that they are dropped here and read from the log again, which is the cheaper buffer.
inline constexpr std::size_t kPendingPublications = 4'096;

/// Footprint of the same, in bytes.
inline constexpr std::size_t kPendingBytes = 4 * 1024 * 1024;

/// Subscribers of one channel visited in a row before the next channel has its turn.
inline constexpr std::size_t kSliceSubscribers = 256;

/// Subscribers visited in one tick: what a caller of `Hub::deliver` should allow, so that a tick
/// stays in the low milliseconds.
inline constexpr std::size_t kTickSubscribers = 512;

/// How long a channel's pace is measured before it is judged: long enough for a dozen flushes.
inline constexpr std::chrono::milliseconds kPaceWindow{100};

/// Deliveries in such a time below which holding flushes saves too little to let anybody wait:
/// one each would be a few per cent of a core.
inline constexpr std::size_t kBusyDeliveries = 500;

/// Such times for which a channel is left alone at most, once holding its flushes was fruitless.
inline constexpr int kPaceRest = 64;

/// Footprint of a batch that is worth a flush of its own: more of it would save nothing.
inline constexpr std::size_t kHeldBytes = 64 * 1024;

/// How often `Hub::on_time` should be called: the pace of what is tried again.
inline constexpr std::chrono::milliseconds kTimeStep{100};

/// How long a reactor keeps hearing a channel without a subscriber: long polls and reloaded pages
/// come back within it, and find their position here without asking the home.
inline constexpr std::chrono::seconds kLinger{10};

/// Channels that a reactor stops hearing in one time step, so that a step stays below a
/// millisecond.
inline constexpr std::size_t kLeavesPerStep = 1'024;

/// Reads of a log that brought nothing although more had been heard of, before a gap is told.
inline constexpr std::size_t kFruitlessReads = 8;

/// Asks of one subscribe to the home until its answer meets what was heard meanwhile. More than
/// one only where a broker answers late.
inline constexpr std::size_t kSubscribeRounds = 8;

/// Octets that one subscription keeps for a congested endpoint under `drop_oldest` or `conflate`,
/// unless its namespace says otherwise.
inline constexpr std::size_t kBacklogBytes = 256 * 1024;

/// Batches kept for reuse on a reactor, so that a publication to a small channel allocates little.
inline constexpr std::size_t kSpareBatches = 64;

/// Members that one page of a roster names. A page of them with all they may say stays below
/// 3 MiB.
inline constexpr std::size_t kPageMembers = 1'000;

/// Members of one channel, unless its namespace says otherwise: each join is told to all.
inline constexpr std::size_t kPresenceMembers = 20'000;

/// Members whose time has passed that a home looks at in one time step: about a millisecond.
inline constexpr std::size_t kExpiriesPerStep = 1'024;

/// Joins that wait for a place in a home's mailbox. Beyond that a client is not listed.
inline constexpr std::size_t kWaitingNotices = 65'536;

}  // namespace carillon::hub::limits
