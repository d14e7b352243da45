#include "transport/common/limiter.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <utility>

#include "net/reactor.hpp"
#include "protocol/native/channel_name.hpp"
#include "transport/common/admission.hpp"

namespace carillon::transport {
namespace {

using access::LimitKey;
using access::LimitSubject;
using native::ProblemCode;

std::uint8_t index_of(Limit limit) {
  return static_cast<std::uint8_t>(limit);
}

void count_hit(Worker& worker, Limit limit) {
  ++worker.probe().limit_hits[index_of(limit)];
}

/// What the limit is, with its place: `messages_per_s of [limits], which is 100`.
std::string name_of(Limit limit, Bytes section, std::int64_t value) {
  return fmt::format("{} of [{}], which is {}", kLimitNames[index_of(limit)], section, value);
}

Problem over_rate(Worker& worker, Limit limit, const access::Rate& rate, Duration wait,
                  Bytes section = "limits") {
  count_hit(worker, limit);
  return {.code = ProblemCode::RateLimited,
          .detail = "over " + name_of(limit, section, rate.per_second),
          .wait = std::chrono::ceil<std::chrono::milliseconds>(wait)};
}

/// The buckets of one rate: the endpoint's own, or for a request those of its user or address.
Result<void, Problem> spend(Worker& worker, const Caller& caller, Limit limit,
                            access::RateBucket Spending::* bucket, std::int64_t amount) {
  const access::Rate& rate = worker.settings().limits.rate(limit);
  if (!rate.is_limited() || !caller.is_limited()) return {};
  const TimePoint now = worker.reactor().now();
  const auto wait = caller.spending != nullptr
                        ? (caller.spending->*bucket).take(rate, now, amount)
                        : worker.limits().rates.take(caller.limited_as().with(index_of(limit)),
                                                     rate, now, amount);
  if (!wait) return {};
  return std::unexpected(over_rate(worker, limit, rate, *wait));
}

/// The client was told once more; `is_over` where that was once too often.
Problem breach(Worker& worker, Problem problem, bool is_over) {
  if (!is_over) return problem;
  count_hit(worker, Limit::Breaches);
  problem.is_last = true;
  problem.wait = std::max(problem.wait.value_or(kBreachWait), kBreachWait);
  return problem;
}

/// Notes that whoever that is was told, where no endpoint stays.
bool is_over_by_key(Worker& worker, LimitKey key) {
  const access::Rate& rate = worker.settings().limits.rate(Limit::Breaches);
  const LimitKey breaches = key.with(index_of(Limit::Breaches));
  return worker.limits().rates.take(breaches, rate, worker.reactor().now()).has_value();
}

/// Notes that a client was told. One that does not listen is over.
bool is_over(Worker& worker, const Caller& caller) {
  if (caller.spending == nullptr) return is_over_by_key(worker, caller.limited_as());
  const access::Rate& rate = worker.settings().limits.rate(Limit::Breaches);
  const bool over = caller.spending->breaches.take(rate, worker.reactor().now()).has_value();
  caller.spending->is_over = caller.spending->is_over || over;
  return over;
}

Result<void, Problem> or_breach(Worker& worker, const Caller& caller, Result<void, Problem> spent) {
  if (spent) return spent;
  return std::unexpected(breach(worker, std::move(spent.error()), is_over(worker, caller)));
}

Result<void, Problem> spend_of(Worker& worker, LimitKey key, Limit limit, const access::Rate& rate,
                               std::int64_t amount, Bytes section = "limits") {
  if (!rate.is_limited()) return {};
  const TimePoint now = worker.reactor().now();
  const auto wait = worker.limits().rates.take(key.with(index_of(limit)), rate, now, amount);
  if (!wait) return {};
  return std::unexpected(over_rate(worker, limit, rate, *wait, section));
}

Result<void, Problem> spend_user(Worker& worker, const Caller& caller, std::int64_t bytes) {
  const Bytes user = caller.identity.user();
  if (user.empty() || !caller.is_limited()) return {};
  const LimitSettings& limits = worker.settings().limits;
  const LimitKey key = LimitKey::of(LimitSubject::User, user);
  TRY(spend_of(worker, key, Limit::UserMessages, limits.rate(Limit::UserMessages), 1));
  return spend_of(worker, key, Limit::UserBytes, limits.rate(Limit::UserBytes), bytes);
}

Result<void, Problem> spend_channel(Worker& worker, Bytes channel, std::int64_t bytes) {
  const auto& namespaces = worker.settings().limits.namespaces;
  if (namespaces.empty()) return {};
  const auto found = namespaces.find(native::channel_namespace(channel));
  if (found == namespaces.end()) return {};
  const LimitKey key = LimitKey::of(LimitSubject::Channel, channel);
  const std::string section = "namespace." + found->first;
  TRY(spend_of(worker, key, Limit::ChannelMessages, found->second.messages, 1, section));
  return spend_of(worker, key, Limit::ChannelBytes, found->second.bytes, bytes, section);
}

Problem too_many(Worker& worker, Limit limit, std::size_t most) {
  count_hit(worker, limit);
  return {.code = ProblemCode::TooManyConnections,
          .detail = "as many connections as there may be by " +
                    name_of(limit, "limits", static_cast<std::int64_t>(most)),
          .wait = std::chrono::seconds(5)};
}

/// Of the requests that a proxy passes on, and of clients whose socket does not stay; whoever else
/// connects itself was counted at the door.
LimitKey uncounted_address(const Caller& caller) {
  return caller.is_uncounted ? caller.address : LimitKey{};
}

LimitKey connections_of(LimitKey key, Limit limit) {
  return key ? key.with(index_of(limit)) : key;
}

}  // namespace

LimitKey limited_address(const Worker& worker, const access::Requester& requester) {
  if (!is_unknown(requester) && worker.settings().limits.exempt.contains(requester.address))
    return {};
  if (!requester.address) return LimitKey::of(LimitSubject::Address, {});
  return LimitKey::of(*requester.address);
}

bool is_unknown(const access::Requester& requester) {
  return requester.locality == access::Locality::Remote &&
         (!requester.address || requester.address->is_loopback());
}

Result<void, Problem> admit_request(Worker& worker, const Request& request) {
  const access::Rate& rate = worker.settings().limits.rate(Limit::AddressRequests);
  if (!rate.is_limited()) return {};
  const LimitKey address = limited_address(worker, request.requester);
  if (!address) return {};
  auto spent = spend_of(worker, address, Limit::AddressRequests, rate, 1);
  if (spent || is_back_end(worker, request)) return {};
  return std::unexpected(breach(worker, std::move(spent.error()), is_over_by_key(worker, address)));
}

Result<void, Problem> admit_message(Worker& worker, const Caller& caller, std::size_t bytes) {
  auto spent = spend(worker, caller, Limit::Messages, &Spending::messages, 1);
  if (spent) {
    spent = spend(worker, caller, Limit::Bytes, &Spending::bytes, static_cast<std::int64_t>(bytes));
  }
  return or_breach(worker, caller, std::move(spent));
}

Result<void, Problem> admit_publication(Worker& worker, const Caller& caller, Bytes channel,
                                        std::size_t bytes) {
  if (caller.identity.api_key) return {};
  const auto amount = static_cast<std::int64_t>(bytes);
  TRY(or_breach(worker, caller, spend_user(worker, caller, amount)));
  // That others fill the channel is no breach of this client's.
  return spend_channel(worker, channel, amount);
}

Result<void, Problem> admit_subscribe(Worker& worker, const Caller& caller) {
  return or_breach(worker, caller,
                   spend(worker, caller, Limit::Subscribes, &Spending::subscribes, 1));
}

Result<void, Problem> admit_history_read(Worker& worker, const Caller& caller) {
  return or_breach(worker, caller,
                   spend(worker, caller, Limit::HistoryReads, &Spending::history_reads, 1));
}

Result<void, Problem> admit_presence_update(Worker& worker, const Caller& caller) {
  return or_breach(worker, caller,
                   spend(worker, caller, Limit::PresenceUpdates, &Spending::presence_updates, 1));
}

Result<void, Problem> admit_signal(Worker& worker, const Caller& caller) {
  return or_breach(worker, caller, spend(worker, caller, Limit::Signals, &Spending::signals, 1));
}

// --- Connections ------------------------------------------------------------------------------

Seat::~Seat() {
  if (user_) limits_.counts.remove(user_);
  if (address_) limits_.counts.remove(address_);
}

void Seat::name_as(Seat& other) {
  user_ = std::exchange(other.user_, LimitKey{});
}

Result<std::unique_ptr<Seat>, Problem> take_seat(Worker& worker, const Caller& caller,
                                                 Comes comes) {
  const LimitSettings& limits = worker.settings().limits;
  if (!caller.is_limited()) return nullptr;
  LimitKey user;
  if (const Bytes name = caller.identity.user(); !name.empty()) {
    user = LimitKey::of(LimitSubject::User, name);
    if (comes != Comes::Again) {
      TRY(spend_of(worker, user, Limit::UserConnects, limits.rate(Limit::UserConnects), 1));
    }
  }
  user = connections_of(user, Limit::UserConnections);
  const LimitKey address =
      comes == Comes::Named ? LimitKey{}
                            : connections_of(uncounted_address(caller), Limit::AddressConnections);
  if (!user && !address) return nullptr;
  access::CountTable& counts = worker.limits().counts;
  if (user && !counts.try_add(user, limits.user_connections)) {
    return std::unexpected(too_many(worker, Limit::UserConnections, limits.user_connections));
  }
  if (address && !counts.try_add(address, limits.address_connections)) {
    if (user) counts.remove(user);
    return std::unexpected(too_many(worker, Limit::AddressConnections, limits.address_connections));
  }
  return std::make_unique<Seat>(worker.limits(), user, address);
}

bool enter_door(Worker& worker, net::PeerAddress& peer, Told told) {
  const LimitSettings& limits = worker.settings().limits;
  SharedLimits& shared = worker.limits();
  const TimePoint now = worker.reactor().now();
  const auto over = [&](LimitKey key, Limit limit) {
    const bool is_over =
        shared.rates.take(key.with(index_of(limit)), limits.rate(limit), now).has_value();
    if (is_over) count_hit(worker, limit);
    return is_over;
  };
  const auto address = ip_address(peer);
  const bool is_proxy = worker.settings().policy.trusted_proxies.contains(address);
  if (!is_proxy && !limits.exempt.contains(address)) {
    const LimitKey key = address ? LimitKey::of(*address) : LimitKey::of(LimitSubject::Address, {});
    if (over(key, Limit::AddressConnects)) return false;
    const LimitKey connections = connections_of(key, Limit::AddressConnections);
    if (!shared.counts.try_add(connections, limits.address_connections)) {
      count_hit(worker, Limit::AddressConnections);
      return false;
    }
    peer.mark_counted();
  }
  if (told == Told::ByHeader) return true;
  if (!over(LimitKey::of(LimitSubject::Address, "*"), Limit::Connects)) return true;
  if (peer.is_counted()) leave_door(shared, peer);
  return false;
}

void leave_door(SharedLimits& limits, const net::PeerAddress& peer) {
  const auto address = ip_address(peer);
  const LimitKey key = address ? LimitKey::of(*address) : LimitKey::of(LimitSubject::Address, {});
  limits.counts.remove(connections_of(key, Limit::AddressConnections));
}

}  // namespace carillon::transport
