#include "transport/turn/reservations.hpp"

#include <cstring>
#include <utility>

#include "core/random.hpp"
#include "transport/turn/limits.hpp"

namespace carillon::transport {

std::optional<turn::ReservationToken> Reservations::add(BoundRelay& relay, TimePoint now) {
  turn::ReservationToken token{};
  const std::uint64_t number = random_u64();
  static_assert(sizeof number == sizeof token);
  std::memcpy(token.data(), &number, sizeof number);
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= limits::kReservations) return std::nullopt;
  entries_.emplace(token,
                   Entry{.relay = std::move(relay), .expiry = now + limits::kReservationTime});
  return token;
}

std::optional<BoundRelay> Reservations::take(const turn::ReservationToken& token, TimePoint now) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(token);
  if (found == entries_.end() || found->second.expiry <= now) return std::nullopt;
  BoundRelay relay = std::move(found->second.relay);
  entries_.erase(found);
  return relay;
}

std::vector<BoundRelay> Reservations::take_expired(TimePoint now) {
  std::vector<BoundRelay> expired;
  const std::lock_guard lock(mutex_);
  for (auto each = entries_.begin(); each != entries_.end();) {
    if (each->second.expiry > now) {
      ++each;
      continue;
    }
    expired.push_back(std::move(each->second.relay));
    each = entries_.erase(each);
  }
  return expired;
}

}  // namespace carillon::transport
