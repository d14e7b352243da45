// Every bound of this module, with its unit and its reason.
#pragma once

#include <cstddef>
#include <cstdint>

namespace carillon::http2::limits {

/// Streams that the peer may hold open (SETTINGS_MAX_CONCURRENT_STREAMS); RFC 9113 §6.5.2 advises
/// at least 100, and a page may hold 100 EventSources.
inline constexpr std::uint32_t kStreams = 256;
/// Octets of a request's fields, names and values, each with 32 more
/// (SETTINGS_MAX_HEADER_LIST_SIZE, RFC 9113 §6.5.2): what is beyond is counted and not kept, so
/// that HPACK cannot blow it up.
inline constexpr std::size_t kHeaderBytes = 32 * 1024;
/// Octets of HPACK's table, each way (SETTINGS_HEADER_TABLE_SIZE): its default.
inline constexpr std::uint32_t kHeaderTableBytes = 4096;
/// Octets of a body that may come before the stream's owner has asked for more. With kStreams it
/// bounds what a connection may make us hold.
inline constexpr std::int32_t kStreamWindowBytes = 64 * 1024;
/// Octets that may be under way on a connection. They are given back as they come, so that a stream
/// that is not read holds up no other.
inline constexpr std::int32_t kConnectionWindowBytes = 1024 * 1024;

/// Frames of a header section after the first.
inline constexpr std::size_t kContinuations = 8;
/// Streams that a peer may reset at once, and each second from then on: a page that is left resets
/// all of its own.
inline constexpr double kResets = 512;
inline constexpr double kResetsPerSecond = 32;
/// Frames that ask for work and carry nothing: at once, and each second; what we send in return
/// for window updates gives two back.
inline constexpr double kControlFrames = 1024;
inline constexpr double kControlFramesPerSecond = 64;
/// Octets of a window update below which it is one of these: nobody needs so little at a time.
inline constexpr std::uint32_t kTinyUpdateBytes = 1024;
/// Answers to PING and SETTINGS that may wait for a peer that reads nothing.
inline constexpr std::size_t kWaitingAnswers = 256;
/// Streams that have ended and whose numbers are remembered: frames for them may still be under
/// way and are no offence, while those for numbers never used are.
inline constexpr std::size_t kEndedStreams = 1024;
/// Octets up to which copied pieces of a stream's outbox are joined in one.
inline constexpr std::size_t kJoinedBytes = 16 * 1024;

}  // namespace carillon::http2::limits
