// Every bound of the client, with its unit and its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "core/time.hpp"

namespace carillon::client::limits {

// Time.
/// The first wait before a reconnect is below this, and each further bound is twice the one before
/// …
inline constexpr Duration kBackoffFirst = std::chrono::milliseconds(250);
/// … up to this: a server that comes back is found again within it.
inline constexpr Duration kBackoffLongest = std::chrono::seconds(15);
/// A link that lived so long has proved itself, even if no message came: the backoff starts anew.
inline constexpr Duration kProvenTime = std::chrono::seconds(10);
/// Servers' advice to wait longer is cut to this, so that a wrong clock does not end a reader.
inline constexpr Duration kLongestAdvice = std::chrono::minutes(10);
/// Between two short polls that found nothing new.
inline constexpr Duration kPollInterval = std::chrono::seconds(1);
/// The longest that a long poll is asked to wait; the server's own default.
inline constexpr std::chrono::seconds kLongPollTime{30};

// Memory.
/// Octets of one message as JSON, on any transport; servers take 64 KiB unless told otherwise.
inline constexpr std::size_t kMessageBytes = 16 * 1024 * 1024;
/// Octets of the answer to one poll: a page of 1,000 messages of 64 KiB, in base64, and their
/// frames.
inline constexpr std::size_t kAnswerBytes = 128 * 1024 * 1024;
/// Octets of an answer that only says what is wrong.
inline constexpr std::size_t kProblemBytes = 64 * 1024;
/// Octets that wait for a server that does not read, before it is given up: pings must be answered.
inline constexpr std::size_t kOutboxBytes = 1024 * 1024;
/// Messages of one answer; the protocol's own cap.
inline constexpr std::size_t kPageMessages = 1'000;
/// Containers within each other in what a server sends: application data (64) and what is around
/// it.
inline constexpr std::size_t kJsonDepth = 72;

}  // namespace carillon::client::limits
