// Every bound of this module, with its unit and its reason.
#pragma once

#include <chrono>
#include <cstddef>

#include "core/time.hpp"

namespace carillon::net::limits {

// Sending.
/// Iovecs per send: more gain nothing (the kernel copies small pieces anyway), IOV_MAX is 1,024.
inline constexpr std::size_t kPiecesPerSend = 64;
/// Octets offered to the kernel per send: one fast reader must not hold up a tick.
inline constexpr std::size_t kBytesPerSend = 256 * 1024;
/// Sends per flush slice; between two slices sockets, timers and mailboxes get a turn.
inline constexpr std::size_t kSendsPerSlice = 512;
/// Iovecs per call of the batch: bounds the scratch memory of a reactor (64 KiB).
inline constexpr std::size_t kPiecesPerBatch = 4096;
/// Octets up to which copied pieces are joined in one segment; larger ones get their own.
inline constexpr std::size_t kJoinedBytes = 16 * 1024;
/// Empty outboxes kept for reuse per reactor: those of a large burst are given back.
inline constexpr std::size_t kPooledOutboxes = 1024;
/// How long a peer may take not one octet of a waiting outbox before it is cut off.
inline constexpr Duration kWriteTime = std::chrono::seconds(30);
/// How long a closed stream waits for the peer's end, so that our last octets are read before a
/// reset can overtake them.
inline constexpr Duration kLingerTime = std::chrono::seconds(2);

// The ring of an io_uring batch.
/// Operations per system call: all sends of a slice in one; 72 KiB of entries per reactor.
inline constexpr std::size_t kRingEntries = 512;
/// Operations below which a loop is as good: one alone costs the same either way.
inline constexpr std::size_t kRingWorthwhile = 4;

// TLS.
/// Octets of records made ahead of the socket: what waits beyond them waits as it is, and shared.
inline constexpr std::size_t kSealedBytes = 64 * 1024;
/// Octets of sealed records whose memory an empty queue keeps: those of one full record.
inline constexpr std::size_t kKeptSealedBytes = 20 * 1024;
/// Octets of sealed records at which a peer is cut off that makes us answer (key updates) and reads
/// none of it.
inline constexpr std::size_t kMostSealedBytes = 4 * kSealedBytes;
/// New keys that a peer may ask for in a row, without anything else (RFC 8446 §4.6.3).
inline constexpr std::uint8_t kKeyUpdates = 16;
/// Keys of session tickets: the one in use and the one before it.
inline constexpr std::size_t kTicketKeys = 2;
/// How long a handshake may take, from the accept.
inline constexpr Duration kHandshakeTime = std::chrono::seconds(10);

// Receiving.
/// Readiness events taken per wait.
inline constexpr std::size_t kEventsPerWait = 512;
/// Sockets read per batch.
inline constexpr std::size_t kReceivesPerBatch = 64;
/// Octets of the receive arena, one per reactor, lent in slices to the sockets of one batch.
inline constexpr std::size_t kReceiveArenaBytes = 1024 * 1024;
/// Octets of the largest slice: bounds what one `on_bytes` brings.
inline constexpr std::size_t kReceiveSliceBytes = 64 * 1024;

// Datagrams.
/// Datagrams received, and sent, per batch: bounds the buffers of a reactor.
inline constexpr std::size_t kDatagramsPerBatch = 128;
/// Octets of the largest datagram: UDP's own limit. Of a buffer only what was ever filled is real.
inline constexpr std::size_t kDatagramBytes = 64 * 1024;
/// Octets of the kernel's buffers of a socket that many clients send to (it cuts them to
/// net.core.rmem_max and wmem_max): a burst waits there for the next tick. What finds no room in
/// the send buffer is dropped and counted: a datagram that is late is worth less than the next one.
inline constexpr int kSharedDatagramBufferBytes = 4 * 1024 * 1024;

// Between threads.
/// Tasks in one mailbox, reserved answers included (DESIGN: bounded, never blocking).
inline constexpr std::size_t kMailboxTasks = 4096;
/// Tasks run per mailbox and tick, so that a busy neighbour cannot keep sockets waiting.
inline constexpr std::size_t kMailboxTasksPerTick = 1024;
/// Tasks in a reactor's control queue (`post`): control traffic only, never messages.
inline constexpr std::size_t kPostedTasks = 65'536;

// Time.
/// Resolution of all timers: none fires early, each at most this much (and a tick) late.
inline constexpr Duration kTimerTick = std::chrono::milliseconds(10);

// Accepting.
/// Sockets accepted per listener and tick: a connection storm must not starve those inside.
inline constexpr std::size_t kAcceptsPerTick = 64;
/// The kernel's queue of connections that wait to be accepted (it cuts it to somaxconn).
inline constexpr int kAcceptBacklog = 4096;
/// How long a listener rests when not even the spare descriptor lets it accept.
inline constexpr Duration kAcceptRest = std::chrono::milliseconds(100);
/// At most one log line about refused connections per this time.
inline constexpr Duration kRefusalLogInterval = std::chrono::seconds(1);
/// A socket is handed to another reactor when that one has fewer by more than this many …
inline constexpr std::size_t kPlacementDifference = 8;
/// … and by more than this part (a quarter) of the accepting reactor's own count.
inline constexpr std::size_t kPlacementFraction = 4;

// Connecting.
/// How long all addresses of one peer together may take to answer.
inline constexpr Duration kConnectTime = std::chrono::seconds(10);
/// How long an address is tried alone before the next one is tried beside it (RFC 8305 §8: 250 ms).
inline constexpr Duration kConnectHeadStart = std::chrono::milliseconds(250);

}  // namespace carillon::net::limits
