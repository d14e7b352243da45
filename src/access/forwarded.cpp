#include "access/forwarded.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

#include "access/authority.hpp"
#include "access/forwarded_fields.hpp"

namespace carillon::access {
namespace {

constexpr Bytes kXForwarded = "x-forwarded-";

/// Where a walk from the right past trusted hops ended.
struct Walk {
  std::optional<IpAddress> client;
  std::size_t passed = 0;  // elements to the right of the one it ended at
};

/// `nodes` left to right, the client's first. An element without an address ends the walk too:
/// the client is then the last one that has an address, so that nobody hides by saying nothing.
Walk walk(const std::vector<Bytes>& nodes, const std::optional<IpAddress>& peer,
          const AddressSet& proxies) {
  Walk result{.client = peer};
  for (std::size_t i = nodes.size(); i > 0; --i) {
    result.passed = nodes.size() - i;
    const auto address = parse_node(nodes[i - 1]);
    if (!address) break;
    result.client = address;
    if (!proxies.contains(address)) break;
  }
  return result;
}

/// What the hop the walk ended at says. Proxies that replace instead of appending leave fewer
/// members than hops; then the leftmost one counts.
Bytes word_of_hop(const std::vector<Bytes>& fields, std::size_t passed) {
  std::vector<Bytes> members;
  for (const Bytes field : fields) split_members(field, members);
  if (members.empty()) return {};
  return members[members.size() - 1 - std::min(passed, members.size() - 1)];
}

std::optional<Scheme> parse_scheme(Bytes text) {
  if (equal_ignoring_case(text, "https") || equal_ignoring_case(text, "wss")) return Scheme::Https;
  if (equal_ignoring_case(text, "http") || equal_ignoring_case(text, "ws")) return Scheme::Http;
  return std::nullopt;
}

Decision refuse_proxy(const Arrival& arrival, Bytes seen) {
  const std::string proxy = arrival.peer ? arrival.peer->text() : "unix:";
  return refuse(Verdict::Forbidden,
                "this request came through a proxy (it carries " + std::string(seen) +
                    "), behind which everybody would look like this machine; write an [access] "
                    "section that says what anonymous clients may do, e.g. anonymous = "
                    "[\"subscribe\", \"publish\", \"history\", \"ephemeral\"], with "
                    "trusted_proxies = [\"" +
                    proxy + "\"]");
}

/// The hop at which a walk along Forwarded ended, if there is such a field.
struct ForwardedHop {
  Walk walk;
  ForwardedElement element;
};

Result<std::optional<ForwardedHop>, Decision> read_forwarded(const std::vector<Bytes>& fields,
                                                             const Arrival& arrival,
                                                             const AddressSet& proxies) {
  std::vector<ForwardedElement> elements;
  for (const Bytes field : fields) {
    if (!parse_forwarded(field, elements)) {
      return std::unexpected(refuse(Verdict::BadRequest, "Forwarded is malformed (RFC 7239 §4)"));
    }
  }
  if (elements.empty()) return std::nullopt;
  std::vector<Bytes> nodes;
  for (const ForwardedElement& element : elements) nodes.push_back(element.node);
  const Walk walked = walk(nodes, arrival.peer, proxies);
  return ForwardedHop{walked, elements[elements.size() - 1 - walked.passed]};
}

Locality locality_of(const Arrival& arrival) {
  if (arrival.source == PeerSource::Relay) return Locality::Remote;
  if (!arrival.peer) return Locality::UnixSocket;
  return arrival.peer->is_loopback() ? Locality::Loopback : Locality::Remote;
}

/// Whose client a relay does not tell, that could be anybody.
bool trusts(const AddressSet& proxies, const Arrival& arrival) {
  const bool is_unknown = arrival.source == PeerSource::Relay && !arrival.peer;
  return !is_unknown && proxies.contains(arrival.peer);
}

/// What a trusted proxy's fields say in place of socket and Host.
Result<Requester, Decision> follow(const AddressSet& proxies, const Arrival& arrival,
                                   const ForwardingFields& fields, Requester requester) {
  const auto hop = TRY(read_forwarded(fields.forwarded(), arrival, proxies));
  std::vector<Bytes> nodes;
  for (const Bytes field : fields.x_forwarded_for()) split_members(field, nodes);
  const Walk walked = walk(nodes, arrival.peer, proxies);
  if (hop && !nodes.empty() && hop->walk.client != walked.client) {
    return std::unexpected(refuse(Verdict::BadRequest,
                                  "Forwarded and X-Forwarded-For name different clients; the "
                                  "proxy should send one of them and remove the other"));
  }
  requester.address = hop ? hop->walk.client : walked.client;

  Bytes scheme = word_of_hop(fields.x_forwarded_proto(), walked.passed);
  Bytes authority = word_of_hop(fields.x_forwarded_host(), walked.passed);
  if (hop && !hop->element.proto.empty()) scheme = hop->element.proto;
  if (hop && !hop->element.host.empty()) authority = hop->element.host;
  requester.scheme = parse_scheme(scheme).value_or(arrival.scheme);
  if (!authority.empty()) requester.authority = authority;
  return requester;
}

}  // namespace

void ForwardingFields::add(Bytes name, Bytes value) {
  std::vector<Bytes>* values = nullptr;
  if (equal_ignoring_case(name, "forwarded")) {
    values = &forwarded_;
  } else if (equal_ignoring_case(name.substr(0, kXForwarded.size()), kXForwarded)) {
    const Bytes rest = name.substr(kXForwarded.size());
    if (equal_ignoring_case(rest, "for")) values = &x_forwarded_for_;
    if (equal_ignoring_case(rest, "proto")) values = &x_forwarded_proto_;
    if (equal_ignoring_case(rest, "host")) values = &x_forwarded_host_;
  } else if (!equal_ignoring_case(name, "via") && !equal_ignoring_case(name, "x-real-ip")) {
    return;
  }
  if (seen_.empty()) seen_ = name;
  if (values != nullptr) values->push_back(value);
}

Result<Requester, Decision> identify(Stance stance, const AddressSet& proxies,
                                     const Arrival& arrival, const ForwardingFields& fields) {
  Requester requester{.locality = Locality::Remote,
                      .address = arrival.peer,
                      .scheme = arrival.scheme,
                      .authority = arrival.authority};
  const bool trusted = trusts(proxies, arrival);
  if (!fields.present()) {
    if (!trusted) requester.locality = locality_of(arrival);
    return requester;
  }
  if (stance == Stance::LocalOnly) return std::unexpected(refuse_proxy(arrival, fields.seen()));
  if (!trusted) return requester;
  return follow(proxies, arrival, fields, std::move(requester));
}

}  // namespace carillon::access
