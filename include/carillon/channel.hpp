// Channels from inside the program: publish to every client, hear what clients publish.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "carillon/export.hpp"

namespace carillon {

enum class DataKind : std::uint8_t {
  Json,    // one JSON value in UTF-8
  Binary,  // any octets; clients of text transports get base64
};

/// One message in a channel.
/// Lifetime: a handler's views until it returns.
struct Publication {
  std::string_view channel;
  std::string_view data;
  DataKind kind = DataKind::Json;
  /// Where the channel stands after it, `epoch:offset`; see docs/protocol.md.
  std::string_view position;
  /// The publisher's, where a client published; empty otherwise.
  std::string_view user;
  /// Microseconds since 1970.
  std::int64_t timestamp_us = 0;
};

struct PublishOptions {
  DataKind kind = DataKind::Json;
  /// What clients of a channel that conflates keep the latest of.
  std::string_view key = {};
  /// Repeating a publish with the same key does nothing.
  std::string_view dedupe = {};
  /// For who is there now: not numbered, not in the history.
  bool ephemeral = false;
};

/// What became of a publish.
struct PublishResult {
  /// Empty: it is kept and on its way. Otherwise the reason, e.g. `unavailable`, or what does not
  /// fit the schema of the channel's namespace.
  std::string_view error = {};
  /// Where the channel stands after it; empty for an ephemeral one.
  std::string_view position = {};
};

/// Names what `Server::subscribe` began.
struct SubscriptionId {
  std::uint64_t number = 0;
  auto operator<=>(const SubscriptionId&) const = default;
};

struct ChannelOptions {
  /// Everything after this position comes first; empty: from now on.
  std::string_view after = {};
  std::function<void(const Publication&)> on_publication = {};
  /// Continuity was lost: what comes next follows that position, and something before is missing.
  std::function<void(std::string_view position)> on_gap = {};
};

}  // namespace carillon
