// The keys whose tokens count.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "access/signature.hpp"
#include "core/bytes.hpp"
#include "core/result.hpp"

namespace carillon::access {

/// Keys of one set.
inline constexpr std::size_t kMostKeys = 100;

class KeyRing {
 public:
  /// `id` is what `kid` of a token names; empty: the key is tried for every token.
  void add(std::string id, VerificationKey key);
  /// Adds the keys of a JWK Set. Those of a kind or for a use that is not ours are passed over.
  /// Errors: a sentence: it is no JWK Set, a key in it is broken, or there is none for us.
  /// Source: RFC 7517 §4, §5; RFC 7518 §6; RFC 8037 §2.
  Result<void, std::string> add_jwks(Bytes json);

  bool empty() const { return keys_.empty(); }
  std::size_t size() const { return keys_.size(); }

  enum class Answer : std::uint8_t { Right, Wrong, NoKey };
  /// Keys of that `kid` are tried first, then those without a name, and without a `kid` all: at
  /// most eight, so that a token cannot cost more.
  Answer check(Algorithm algorithm, std::optional<Bytes> kid, Bytes text, Bytes signature) const;

 private:
  struct Key {
    std::string id;
    VerificationKey key;
  };
  std::vector<const Key*> candidates(Algorithm algorithm, std::optional<Bytes> kid) const;

  std::vector<Key> keys_;
};

}  // namespace carillon::access
