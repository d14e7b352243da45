// Secrets of back ends: what a server sends along to act for the application.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "access/action.hpp"
#include "access/grants.hpp"
#include "core/bytes.hpp"

namespace carillon::access {

/// Shorter ones could be guessed.
inline constexpr std::size_t kMinApiKeyBytes = 32;

/// What the holder of one may do.
struct ApiKey {
  std::string name;
  ActionSet scopes;  // what is done in no channel
  Grants grants;     // what is done in channels
};

/// Thread: any, once filled.
class ApiKeys {
 public:
  void add(Bytes secret, ApiKey key);
  bool empty() const { return keys_.empty(); }

  /// The key with that secret; null: there is none. The time that it takes says nothing of how much
  /// of a secret was right.
  std::shared_ptr<const ApiKey> find(Bytes secret) const;

 private:
  static constexpr std::size_t kDigestBytes = 32;
  using Digest = std::array<unsigned char, kDigestBytes>;
  struct Entry {
    Digest digest;
    std::shared_ptr<const ApiKey> key;
  };
  static Digest digest_of(Bytes secret);

  std::vector<Entry> keys_;
};

}  // namespace carillon::access
