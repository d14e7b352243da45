// Behind a proxy: whom a request really comes from, and how the client addressed us.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "access/address_set.hpp"
#include "access/decision.hpp"
#include "access/ip_address.hpp"
#include "access/origin_rule.hpp"
#include "access/permissions.hpp"
#include "core/bytes.hpp"
#include "core/result.hpp"

namespace carillon::access {

/// The traces of proxies in one request.
/// Lifetime: keeps views of what was added.
class ForwardingFields {
 public:
  /// Looks at one field of a request; all of them are to be shown, in their order.
  void add(Bytes name, Bytes value);
  /// Whether there was any of Forwarded, X-Forwarded-*, X-Real-IP, Via.
  bool present() const { return !seen_.empty(); }
  /// The name of the first of them.
  Bytes seen() const { return seen_; }

  const std::vector<Bytes>& forwarded() const { return forwarded_; }
  const std::vector<Bytes>& x_forwarded_for() const { return x_forwarded_for_; }
  const std::vector<Bytes>& x_forwarded_proto() const { return x_forwarded_proto_; }
  const std::vector<Bytes>& x_forwarded_host() const { return x_forwarded_host_; }

 private:
  Bytes seen_;
  std::vector<Bytes> forwarded_;
  std::vector<Bytes> x_forwarded_for_;
  std::vector<Bytes> x_forwarded_proto_;
  std::vector<Bytes> x_forwarded_host_;
};

/// Who says where a connection comes from.
enum class PeerSource : std::uint8_t {
  Socket,  // the kernel
  Relay,   // a trusted proxy that forwards bare connections (the PROXY protocol)
};

/// A request as its connection and its head tell it.
struct Arrival {
  std::optional<IpAddress> peer;  // empty: a Unix socket, or a client that the relay does not tell
  PeerSource source = PeerSource::Socket;
  Scheme scheme = Scheme::Http;
  Bytes authority = {};  // Host; empty for HTTP/1.0 without it
};

/// The client behind it.
/// Lifetime: `authority` is a view into the request's fields.
struct Requester {
  Locality locality = Locality::Remote;
  std::optional<IpAddress> address;  // for limits and logs; empty: as in Arrival
  Scheme scheme = Scheme::Http;
  Bytes authority = {};
};

/// Walks Forwarded or X-Forwarded-For from the right past trusted hops; the first other address is
/// the client, and the same hop's word on scheme and host counts. Without trust the fields are
/// ignored. A request that carries one is never local, nor is one from a trusted proxy without any:
/// a client can have a proxy drop them (`Connection: X-Forwarded-For`), nor whom a relay speaks
/// for. Errors: Forbidden for any such field when LocalOnly (a proxy would make the whole internet
///         loopback). From a trusted proxy, BadRequest for a malformed Forwarded, and where it and
///         X-Forwarded-For name different clients, since one of them is then the client's own.
/// Source: RFC 7239 §4–§6; X-Forwarded-* have none.
Result<Requester, Decision> identify(Stance stance, const AddressSet& proxies,
                                     const Arrival& arrival, const ForwardingFields& fields);

}  // namespace carillon::access
