// What a TURN server counts: plain numbers of its own thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "protocol/stun/error.hpp"

namespace carillon::turn {

/// Why a datagram went no further.
enum class Drop : std::uint8_t {
  Malformed,     // neither a STUN message nor ChannelData
  Unwanted,      // an unknown method, a response, an indication with unknown attributes
  NoAllocation,  // data of a client that has none
  NoChannel,     // ChannelData on a channel that is not bound
  NoPermission,  // to or from a peer that the client has not asked for
  Unanswered,    // a stranger over the rate of answers to strangers
};
inline constexpr std::size_t kDropCount = 6;

class Probe {
 public:
  void dropped(Drop why) { ++drops[static_cast<std::size_t>(why)]; }
  void relayed_to_peer(std::size_t bytes) {
    ++to_peer_datagrams;
    to_peer_bytes += bytes;
  }
  void relayed_to_client(std::size_t bytes) {
    ++to_client_datagrams;
    to_client_bytes += bytes;
  }
  void answered() { ++answers; }
  void answered_with(stun::ErrorCode code) {
    ++answers;
    for (std::size_t i = 0; i < kCodes.size(); ++i) {
      if (kCodes[i] == code) ++errors[i];
    }
  }
  void opened_allocation() { ++allocations_opened; }
  void expired_allocation() { ++allocations_expired; }

  /// The codes that are counted, in the order of `errors`.
  static constexpr std::array kCodes = {
      stun::ErrorCode::BadRequest,
      stun::ErrorCode::Unauthenticated,
      stun::ErrorCode::Forbidden,
      stun::ErrorCode::UnknownAttribute,
      stun::ErrorCode::AllocationMismatch,
      stun::ErrorCode::StaleNonce,
      stun::ErrorCode::AddressFamilyNotSupported,
      stun::ErrorCode::WrongCredentials,
      stun::ErrorCode::UnsupportedTransport,
      stun::ErrorCode::PeerFamilyMismatch,
      stun::ErrorCode::AllocationQuotaReached,
      stun::ErrorCode::InsufficientCapacity,
  };

  std::array<std::uint64_t, kDropCount> drops{};
  std::array<std::uint64_t, kCodes.size()> errors{};
  std::uint64_t answers = 0;  // with and without an error
  std::uint64_t to_peer_datagrams = 0;
  std::uint64_t to_peer_bytes = 0;
  std::uint64_t to_client_datagrams = 0;
  std::uint64_t to_client_bytes = 0;
  std::uint64_t allocations_opened = 0;
  std::uint64_t allocations_expired = 0;
};

}  // namespace carillon::turn
