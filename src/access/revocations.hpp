// Tokens that count no more although they have not ended: by their id, by their user, or all that
// were issued before a moment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "access/claims.hpp"
#include "core/bytes.hpp"
#include "core/hash.hpp"
#include "core/time.hpp"

namespace carillon::access {

/// Revocations that are remembered: some ten MiB in each reactor.
inline constexpr std::size_t kMostRevocations = 100'000;

enum class RevocationKind : std::uint8_t {
  Token,      // the one with that id
  User,       // those of that user
  Everybody,  // all
};

struct Revocation {
  RevocationKind kind = RevocationKind::Token;
  std::string name = {};  // the token's id, or the user
  /// Those issued earlier, and those that do not say when; of no meaning for a token's id.
  Timestamp before = {};
  /// When it is forgotten: a token that is older than this must have ended by then.
  Timestamp until = {};
  bool operator==(const Revocation&) const = default;
};

/// Whether it is against that token.
bool covers(const Revocation& revocation, const Claims& claims);

/// In whatever order the same revocations are added, the table is the same: each reactor has one.
/// Thread: one.
class Revocations {
 public:
  /// Whether it can be added without going over kMostRevocations.
  bool has_room_for(const Revocation& revocation) const;
  /// Of two of the same name, whatever either covers is covered. The limit is the caller's affair:
  /// what one reactor has taken the others must not refuse.
  void add(const Revocation& revocation);
  bool cover(const Claims& claims, Timestamp now) const;

  /// Forgets at most `limit` of those whose time is over.
  void on_time(Timestamp now, std::size_t limit);
  std::size_t size() const { return rules_.size(); }

  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& [key, rule] : rules_) {
      visit(Revocation{.kind = static_cast<RevocationKind>(key.front()),
                       .name = key.substr(1),
                       .before = rule.before,
                       .until = rule.until});
    }
  }

 private:
  struct Rule {
    Timestamp before;
    Timestamp until;
  };
  /// The kind as an octet, and the name.
  static std::string key_of(RevocationKind kind, Bytes name);
  const Rule* find(RevocationKind kind, Bytes name, Timestamp now) const;

  std::unordered_map<std::string, Rule, StringHash, std::equal_to<>> rules_;
  std::set<std::pair<std::int64_t, std::string>> by_end_;  // their ends and keys
};

}  // namespace carillon::access
