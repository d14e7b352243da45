#include "access/revocations.hpp"

#include <algorithm>

namespace carillon::access {

bool covers(const Revocation& revocation, const Claims& claims) {
  if (revocation.kind == RevocationKind::Token) {
    return !claims.id.empty() && claims.id == revocation.name;
  }
  const bool is_meant = revocation.kind == RevocationKind::Everybody ||
                        (!claims.user.empty() && claims.user == revocation.name);
  return is_meant && (!claims.issued || *claims.issued < revocation.before);
}

std::string Revocations::key_of(RevocationKind kind, Bytes name) {
  std::string key(1, static_cast<char>(kind));
  return key.append(name);
}

bool Revocations::has_room_for(const Revocation& revocation) const {
  return rules_.size() < kMostRevocations ||
         rules_.contains(key_of(revocation.kind, revocation.name));
}

void Revocations::add(const Revocation& revocation) {
  std::string key = key_of(revocation.kind, revocation.name);
  const auto [found, is_new] =
      rules_.try_emplace(key, Rule{.before = revocation.before, .until = revocation.until});
  Rule& rule = found->second;
  if (!is_new) {
    by_end_.erase({rule.until.microseconds, key});
    rule.before = std::max(rule.before, revocation.before);
    rule.until = std::max(rule.until, revocation.until);
  }
  by_end_.emplace(rule.until.microseconds, std::move(key));
}

const Revocations::Rule* Revocations::find(RevocationKind kind, Bytes name, Timestamp now) const {
  const auto found = rules_.find(key_of(kind, name));
  return found != rules_.end() && now < found->second.until ? &found->second : nullptr;
}

bool Revocations::cover(const Claims& claims, Timestamp now) const {
  if (rules_.empty()) return false;
  const auto is_too_old = [&claims](const Rule* rule) {
    return rule != nullptr && (!claims.issued || *claims.issued < rule->before);
  };
  if (!claims.id.empty() && find(RevocationKind::Token, claims.id, now) != nullptr) return true;
  if (!claims.user.empty() && is_too_old(find(RevocationKind::User, claims.user, now))) return true;
  return is_too_old(find(RevocationKind::Everybody, {}, now));
}

void Revocations::on_time(Timestamp now, std::size_t limit) {
  for (; limit > 0 && !by_end_.empty(); --limit) {
    const auto oldest = by_end_.begin();
    if (oldest->first > now.microseconds) return;
    rules_.erase(oldest->second);
    by_end_.erase(oldest);
  }
}

}  // namespace carillon::access
