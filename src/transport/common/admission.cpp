#include "transport/common/admission.hpp"

#include <optional>

namespace carillon::transport {
namespace {

access::ForwardingFields forwarding_fields(const http1::Fields& fields) {
  access::ForwardingFields result;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const http1::Field field = fields.at(i);
    result.add(field.name, field.value);
  }
  return result;
}

access::OriginGuard guard_of(const Request& request, RouteKind kind) {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (kind == RouteKind::Open) return access::OriginGuard::Open;
  return reads && kind == RouteKind::Plain ? access::OriginGuard::Open
                                           : access::OriginGuard::Guarded;
}

/// A browser sends cookies along with what any page makes it ask. It tells the page's origin, but
/// for pictures and the like; then it tells whether that is another one.
/// Source: Fetch Metadata Request Headers §2.3.
bool cookie_counts(const access::OriginList& origins, access::OriginKind origin,
                   const Request& request) {
  switch (origin) {
    case access::OriginKind::Same:
      return true;
    case access::OriginKind::Listed:
      return !origins.any_page();
    case access::OriginKind::Foreign:
      return false;
    case access::OriginKind::Absent:
      break;
  }
  const auto site = request.field("sec-fetch-site");
  return !site || *site == "same-origin" || *site == "none";
}

}  // namespace

std::optional<access::IpAddress> ip_address(const net::PeerAddress& peer) {
  if (peer.family() != net::Family::Ipv4 && peer.family() != net::Family::Ipv6) return std::nullopt;
  const auto& octets = peer.ip();
  const std::size_t size = peer.family() == net::Family::Ipv4 ? 4 : octets.size();
  return access::IpAddress::from_octets({reinterpret_cast<const char*>(octets.data()), size});
}

Result<Admission, Problem> admit(Worker& worker, const Request& request, RouteKind kind) {
  const access::Policy& policy = worker.settings().policy;
  const access::ForwardingFields forwarding = forwarding_fields(*request.fields);
  const access::Arrival arrival{
      .peer = ip_address(request.peer),
      .source = request.peer.is_relayed() ? access::PeerSource::Relay : access::PeerSource::Socket,
      .scheme = request.scheme,
      .authority = request.authority};
  auto requester =
      access::identify(policy.permissions.stance, policy.trusted_proxies, arrival, forwarding);
  if (!requester) {
    ++worker.probe().refused_proxies;
    return std::unexpected(to_problem(requester.error()));
  }
  if (!request.peer.is_unix()) {
    const access::Decision host = access::decide_host(policy.hosts, requester->authority);
    if (!host.allowed()) {
      ++worker.probe().refused_hosts;
      return std::unexpected(to_problem(host));
    }
  }
  const std::string origin = request.fields->combined("origin");
  const bool has_origin = request.fields->has("origin");
  const access::OriginKind origin_kind = access::classify_origin(
      policy.origins, has_origin ? std::optional<Bytes>(origin) : std::nullopt, requester->scheme,
      requester->authority);
  const access::Decision allowed =
      access::decide_origin(origin_kind, guard_of(request, kind), origin);
  if (!allowed.allowed()) {
    ++worker.probe().refused_origins;
    return std::unexpected(to_problem(allowed));
  }
  Admission admission{.requester = *requester,
                      .origin = origin_kind,
                      .cookie_counts = cookie_counts(policy.origins, origin_kind, request),
                      .response_fields = access::cors_fields(policy.origins, origin_kind, origin)};
  if (kind == RouteKind::Open && origin_kind == access::OriginKind::Foreign) {
    admission.response_fields.push_back({"Access-Control-Allow-Origin", "*"});
  }
  return admission;
}

}  // namespace carillon::transport
