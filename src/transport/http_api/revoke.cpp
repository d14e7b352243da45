// Takes tokens back: from the answer on they count nowhere, and what they opened has been ended.
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "access/revocations.hpp"
#include "access/token.hpp"
#include "protocol/json/writer.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/revocation_keeper.hpp"
#include "transport/common/round.hpp"
#include "transport/http_api/routes.hpp"
#include "transport/http_api/target.hpp"

namespace carillon::transport {
namespace {

using access::Revocation;
using access::RevocationKind;

constexpr std::int64_t kSecond = 1'000'000;  // microseconds
constexpr std::int64_t kLatestSecond = 100'000'000'000;
/// How long a revocation is remembered, where the call does not say, and at most.
constexpr std::int64_t kDefaultSeconds = std::chrono::seconds(std::chrono::hours(24)).count();
constexpr std::int64_t kMostSeconds = std::chrono::seconds(std::chrono::years(10)).count();

Result<Revocation, Problem> revocation_of(const Body& body, Timestamp now) {
  const auto token = TRY(body.text("token", access::kMaxTokenNameBytes));
  const auto user = TRY(body.text("user", access::kMaxTokenNameBytes));
  const auto before = TRY(body.integer("issued_before", 0, kLatestSecond));
  const auto time = TRY(body.integer("for_s", 1, kMostSeconds));
  if ((token && user) || (token && before) || !(token || user || before)) {
    return std::unexpected(
        bad_request(R"(give "token", an id; or "user", "issued_before", or both of them)"));
  }
  Revocation revocation{.kind = token  ? RevocationKind::Token
                                : user ? RevocationKind::User
                                       : RevocationKind::Everybody,
                        .name = token.value_or(user.value_or("")),
                        .until = {now.microseconds + time.value_or(kDefaultSeconds) * kSecond}};
  // Tokens say only the second: those of this one are older too.
  if (!token) revocation.before = {before ? *before * kSecond : now.microseconds + 1};
  return revocation;
}

/// From here on it is in force on this reactor. Returns how many endpoints it has ended.
std::size_t put_in_force(Worker& worker, const Revocation& revocation) {
  worker.revocations().add(revocation);
  std::size_t count = 0;
  for_each_endpoint(worker, [&](EndpointPlace, Endpoint& endpoint) {
    const auto claims = endpoint.identity().claims;
    if (!claims || !covers(revocation, *claims)) return;
    ++count;
    endpoint.expel(native::ProblemCode::Revoked, false);
  });
  return count;
}

void answer(Exchange& exchange, std::size_t count, const Revocation& revocation) {
  std::string out;
  json::ObjectWriter(out)
      .integer("disconnected", count)
      .integer("until", revocation.until.microseconds / kSecond)
      .finish();
  exchange.respond(json_response(200, out).add("Cache-Control", "no-store"));
}

/// It is in force everywhere; the answer is given once it also outlives the process.
void keep(Worker& worker, Handle handle, std::size_t count, const Revocation& revocation) {
  const auto done = [&worker, handle, count, revocation](const Result<void, std::string>& kept) {
    Exchange* const waiting = worker.find(handle);
    if (waiting == nullptr) return;
    if (kept) return answer(*waiting, count, revocation);
    waiting->respond(problem_response(
        {.code = native::ProblemCode::Unavailable,
         .detail = "it is in force, but would not outlive a restart: " + kept.error() +
                   "; try it again"}));
  };
  RevocationKeeper* const keeper = worker.revocation_keeper();
  if (keeper == nullptr) return done({});
  keeper->keep(revocation, worker.reactor(), done);
}

Result<void, Problem> revoke(Worker& worker, Exchange& exchange, const Caller& caller) {
  TRY(require(worker, caller, access::Action::Revoke, {}));
  const Body body =
      TRY(Body::parse(exchange.request().body, {"token", "user", "issued_before", "for_s"}));
  const Revocation revocation = TRY(revocation_of(body, worker.reactor().wall_clock()));
  if (!worker.revocations().has_room_for(revocation)) {
    ++worker.probe().refused_revocations;
    return std::unexpected(
        Problem{.code = native::ProblemCode::Unavailable,
                .detail = "too many revocations are remembered: give them a shorter \"for_s\", or "
                          "revoke by user or \"issued_before\""});
  }
  const bool begun = ask_all_reactors<std::size_t>(
      worker, [revocation](Worker& there) { return put_in_force(there, revocation); },
      [&worker, revocation, handle = exchange.handle()](const std::vector<std::size_t>& counts) {
        std::size_t sum = 0;
        for (const std::size_t count : counts) sum += count;
        keep(worker, handle, sum, revocation);
      });
  if (!begun) return std::unexpected(too_many_rounds());
  return {};
}

}  // namespace

void serve_revoke(Worker& worker, Exchange& exchange) {
  serve_call(worker, exchange, revoke);
}

}  // namespace carillon::transport
