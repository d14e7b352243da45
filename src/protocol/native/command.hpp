// What a client can ask for, in no particular encoding: `parse.hpp` reads it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/position.hpp"
#include "core/time.hpp"
#include "protocol/native/data.hpp"

namespace carillon::native {

/// Authenticates, refreshes a token, or restores a session.
struct Connect {
  std::optional<std::string> token = {};
  std::optional<std::string> session = {};
};

/// At most one of `after` and `history` (the latest so many) is set; without both: from now.
struct Subscribe {
  std::string channel;
  std::optional<Position> after = {};
  std::optional<std::uint32_t> history = {};
  bool echo = true;
};

struct Unsubscribe {
  std::string channel;
};

/// Without a channel: the one that the endpoint is subscribed to.
struct Publish {
  std::optional<std::string> channel = {};
  Data data;
  std::optional<std::string> key = {};
  std::optional<std::string> dedupe = {};
};

/// For who is there now; without a channel as in `Publish`.
struct Ephemeral {
  std::optional<std::string> channel = {};
  Data data;
};

/// To one client, named by its id.
struct Signal {
  std::string to;
  Data data;
};

/// A page of retained publications, oldest first whichever way it was chosen. At most one is set:
/// `after` and `since` (exclusive) ask for the oldest `limit` behind them, `before` (exclusive)
/// for the latest `limit` in front of it; without any: the latest `limit`.
struct History {
  std::string channel;
  std::uint32_t limit = 0;
  std::optional<Position> after = {};
  std::optional<Position> before = {};
  std::optional<Timestamp> since = {};
};

/// Who is in a channel, `limit` of them behind the client `after`; with `data`: what others see
/// with me there from now on.
struct Presence {
  std::string channel;
  std::uint32_t limit = 0;
  std::optional<std::string> after = {};
  std::optional<Data> data = {};
};

/// A call to the back end.
struct Rpc {
  std::string method;
  std::optional<Data> data = {};
};

struct Ping {};

/// Lifetime: `Data` may be borrowed from the text of the request.
using Command = std::variant<Connect, Subscribe, Unsubscribe, Publish, Ephemeral, Signal, History,
                             Presence, Rpc, Ping>;

}  // namespace carillon::native
