// What may differ between channels: chosen by the part of a channel's name before the colon.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "core/bytes.hpp"
#include "core/hash.hpp"
#include "hub/limits.hpp"

namespace carillon::hub {

/// What becomes of publications for an endpoint that cannot take them now.
enum class OutboxPolicy : std::uint8_t {
  Disconnect,  // they are given to it all the same; over its limit it closes itself
  DropOldest,  // the newest are kept; a gap is told
  Conflate,    // the latest per key is kept; announced as not contiguous
};

/// Units: count in publications, bytes as `Publication::footprint_bytes`.
struct NamespaceSettings {
  std::size_t history_count = 1'000;
  std::chrono::seconds history_age = std::chrono::hours(1);
  std::size_t history_bytes = 1024 * 1024;
  OutboxPolicy outbox_policy = OutboxPolicy::Disconnect;
  std::size_t backlog_bytes = limits::kBacklogBytes;
  std::chrono::milliseconds flush_interval{0};              // see FlushPacer; 0: nothing is held
  bool presence = false;                                    // whether it is known who is there
  std::size_t presence_members = limits::kPresenceMembers;  // of a channel, at most
};

/// Thread: immutable; shared by all reactors.
class NamespaceTable {
 public:
  using Named = std::unordered_map<std::string, NamespaceSettings, StringHash, std::equal_to<>>;

  /// `fallback` serves channels without a colon and namespaces that are not named.
  explicit NamespaceTable(NamespaceSettings fallback = {}, Named named = {});

  const NamespaceSettings& of(Bytes channel) const;

 private:
  NamespaceSettings fallback_;
  Named named_;
};

}  // namespace carillon::hub
