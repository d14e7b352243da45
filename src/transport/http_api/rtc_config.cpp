// What a browser needs to know for calls: servers that tell it its address, and relays, with a
// credential of its own for a while.
#include <algorithm>
#include <chrono>
#include <string>

#include "access/permissions.hpp"
#include "net/reactor.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/introduction.hpp"
#include "transport/common/worker.hpp"
#include "transport/http_api/routes.hpp"

namespace carillon::transport {
namespace {

/// By whom the relay counts: the user, and where none is named, the address.
std::string name_of(const access::Identity& identity, const access::Requester& requester) {
  if (!identity.user().empty()) return std::string(identity.user());
  if (identity.api_key) return identity.api_key->name;
  return requester.address ? requester.address->text() : "anonymous";
}

Timestamp credential_expiry(const RtcSettings& settings, const access::Identity& identity,
                            Timestamp now) {
  const auto time = std::chrono::microseconds(settings.credential_time).count();
  const Timestamp latest{now.microseconds + time};
  const auto token_end = identity.claims ? identity.claims->expires : std::nullopt;
  return token_end ? Timestamp{std::min(latest.microseconds, token_end->microseconds)} : latest;
}

}  // namespace

void serve_rtc_config(Worker& worker, Exchange& exchange, const RelayDoors& doors) {
  with_caller(worker, exchange, TransportKind::Http,
              [&doors](Worker& at, Exchange& asked, const Caller& caller) {
                const access::Decision decision = access::decide_entry(
                    at.settings().policy.permissions, caller.identity, caller.locality);
                if (!decision.allowed())
                  return asked.respond(problem_response(to_problem(decision)));
                const RtcSettings& settings = at.settings().rtc;
                const access::Requester& requester = asked.request().requester;
                const std::string name = name_of(caller.identity, requester);
                const Timestamp now = at.reactor().wall_clock();
                const IceClient client{.name = name,
                                       .authority = requester.authority,
                                       .now = now,
                                       .expiry = credential_expiry(settings, caller.identity, now)};
                const std::string body = ice_configuration(settings, doors, client);
                asked.respond(json_response(200, body).add("Cache-Control", "no-store"));
              });
}

}  // namespace carillon::transport
