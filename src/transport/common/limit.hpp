// What a client may have of everything: which limits there are, and what they are set to.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "access/address_set.hpp"
#include "access/count_table.hpp"
#include "access/rate.hpp"
#include "access/rate_table.hpp"
#include "core/hash.hpp"

namespace carillon::transport {

/// In the order of kLimitNames. Those of an address, a user and a channel hold over all reactors.
enum class Limit : std::uint8_t {
  Messages,  // of an endpoint, whatever they ask for; over HTTP of a user or else of an address
  Bytes,
  Subscribes,
  HistoryReads,  // pages of presence, too
  PresenceUpdates,
  Signals,
  AddressRequests,
  AddressConnects,
  AddressConnections,
  UserMessages,
  UserBytes,
  UserConnects,
  UserConnections,
  ChannelMessages,
  ChannelBytes,
  Connects,
  Breaches,
};
inline constexpr std::size_t kLimitCount = 17;
/// As in `[limits]`, and for the channel's in `[namespace.NAME]`.
inline constexpr std::array<std::string_view, kLimitCount> kLimitNames = {"messages_per_s",
                                                                          "bytes_per_s",
                                                                          "subscribes_per_s",
                                                                          "history_reads_per_s",
                                                                          "presence_updates_per_s",
                                                                          "signals_per_s",
                                                                          "address_requests_per_s",
                                                                          "address_connects_per_s",
                                                                          "address_connections",
                                                                          "user_messages_per_s",
                                                                          "user_bytes_per_s",
                                                                          "user_connects_per_s",
                                                                          "user_connections",
                                                                          "channel_messages_per_s",
                                                                          "channel_bytes_per_s",
                                                                          "connects_per_s",
                                                                          "breaches"};

/// What the channels of one namespace may carry, each.
struct ChannelLimits {
  access::Rate messages;
  access::Rate bytes;
  std::uint64_t publication_bytes = 0;  // 0: as everywhere
};

struct LimitSettings {
  std::array<access::Rate, kLimitCount> rates{};  // by Limit; those of numbers are not used
  std::size_t address_connections = 0;            // 0: any number
  std::size_t user_connections = 0;
  /// Clients of these addresses are limited in nothing but what is a channel's.
  access::AddressSet exempt;
  std::unordered_map<std::string, ChannelLimits, StringHash, std::equal_to<>> namespaces;

  const access::Rate& rate(Limit limit) const { return rates[static_cast<std::size_t>(limit)]; }
};

/// What all reactors count together.
/// Thread: any.
struct SharedLimits {
  access::RateTable rates;
  access::CountTable counts;
};

}  // namespace carillon::transport
