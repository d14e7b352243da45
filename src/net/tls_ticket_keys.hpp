// The keys under which clients keep their TLS sessions for us (RFC 5077, RFC 8446 §4.6.1). They
// live in memory only, and change, so that a stolen one opens little.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace carillon::net {

struct TicketKey {
  std::array<unsigned char, 16> name{};    // told in the ticket
  std::array<unsigned char, 32> cipher{};  // AES-256
  std::array<unsigned char, 32> mac{};     // HMAC-SHA256

  static TicketKey make();
};

/// The newest seals; it and the ones before it open.
/// Thread: one thread; each reactor has its own with the same keys.
class TicketKeys {
 public:
  /// Those beyond `limits::kTicketKeys` are forgotten, and full handshakes follow.
  void add(const TicketKey& key);
  /// Null without any: no tickets then.
  const TicketKey* newest() const { return keys_.empty() ? nullptr : &keys_.front(); }
  const TicketKey* find(std::span<const unsigned char, 16> name) const;

 private:
  std::vector<TicketKey> keys_;  // the newest first
};

}  // namespace carillon::net
