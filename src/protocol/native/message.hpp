// What the server says, in no particular encoding: `encode.hpp` writes them.
// Lifetime of all: views, for the time of one call.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/bytes.hpp"
#include "core/position.hpp"
#include "core/time.hpp"
#include "protocol/native/data.hpp"
#include "protocol/native/problem_code.hpp"

namespace carillon::native {

constexpr int kProtocolVersion = 1;

/// Who sent it; empty where there is no user, no client.
struct Sender {
  Bytes user = {};
  Bytes client = {};
};

/// A publication. `key` is empty where there is none.
struct MessageView {
  Bytes channel;
  Position position;
  Timestamp timestamp;
  Bytes data;
  DataKind kind = DataKind::Json;
  Sender from = {};
  Bytes key = {};
};

struct EphemeralView {
  Bytes channel;
  Bytes data;
  DataKind kind = DataKind::Json;
  Sender from = {};
};

/// The first frame of a connection, and the answer to `connect`.
struct Welcome {
  Bytes client;
  Bytes session;
  std::chrono::seconds ping{0};
  std::size_t max_message_bytes = 0;
  std::size_t max_subscriptions = 0;
};

/// `position` is where the live messages go on. `more`: between what was recovered and
/// `position` lies more than one answer holds; it can be had by `history`.
struct Subscribed {
  Bytes channel;
  Position position;
  bool recovered = false;
  bool contiguous = true;
  bool more = false;
};

/// A publication was taken.
struct Receipt {
  Bytes channel;
  Position position;
  Timestamp timestamp;
  bool duplicate = false;
};

/// `position` is where the next page begins (or ends, when reading backwards); `more` says
/// whether there is one.
struct HistoryPage {
  Bytes channel;
  std::span<const MessageView> messages;
  Position position;
  bool more = false;
  bool gap = false;  // retained no longer: what was wished for may be missing from it
};

/// Somebody in a channel. `info` and `data` are JSON; what is empty is not there.
struct Member {
  Bytes client;
  Bytes user = {};
  Bytes info = {};
  Bytes data = {};
  Timestamp since;
};

/// How many there are, and how many changes there have been.
struct PresenceCounts {
  std::size_t clients = 0;
  std::size_t users = 0;
  std::uint64_t version = 0;
};

/// `next` is the client behind which the next page begins; empty: this is the last.
struct PresencePage {
  Bytes channel;
  std::span<const Member> members;
  PresenceCounts counts;
  Bytes next = {};
};

/// Somebody has come, gone or changed. `cause` is of `leave` alone.
struct PresenceChange {
  Bytes channel;
  Bytes event;
  Member member;
  PresenceCounts counts;
  Bytes cause = {};
};

/// Continuity was lost; what follows `position` is contiguous again.
struct Gap {
  Bytes channel;
  Position position;
};

/// Before every close that the server starts.
struct Closing {
  ProblemCode code;
  bool reconnect = true;
  std::chrono::milliseconds wait{0};
};

/// An error, as a problem document or as the reply to a command. The last three are for some
/// codes only: when to try again; the current position or position list; and the one from which
/// everything is retained.
struct Problem {
  ProblemCode code;
  Bytes detail;
  std::optional<std::chrono::milliseconds> wait = {};
  Bytes position = {};
  Bytes retained = {};
};

}  // namespace carillon::native
