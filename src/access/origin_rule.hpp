// The Origin rule and CORS: which pages may use this server, and what their scripts may read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/decision.hpp"
#include "core/bytes.hpp"

namespace carillon::access {

enum class Scheme : std::uint8_t { Http, Https };

/// The origins of `[access] origins`.
class OriginList {
 public:
  /// `scheme://host[:port]`, `scheme://*.host[:port]` for all below it, `null`, or `*` for every
  /// page (answered without credentials; `null` stays out unless listed itself).
  /// False, and nothing added, for anything else.
  [[nodiscard]] bool add(Bytes origin);
  bool has(Bytes origin) const;
  bool any_page() const { return all_; }
  bool empty() const { return entries_.empty() && !all_; }

 private:
  struct Entry {
    std::string scheme;
    std::string host;        // with the leading dot for all below it
    std::uint16_t port = 0;  // 0: the scheme has no known one, and none is given
  };

  std::vector<Entry> entries_;  // an empty scheme stands for `null`
  bool all_ = false;
};

/// Same: the page came from this very server. Foreign: `null`, malformed, repeated or not listed.
enum class OriginKind : std::uint8_t { Absent, Same, Listed, Foreign };

/// `origin` is the value of the Origin field; a repeated one is to be passed joined by commas,
/// which makes it Foreign. `scheme` and `authority` are how the client addressed this server;
/// default ports count.
/// Source: RFC 6454 §4 (same origin), §7 (the field).
OriginKind classify_origin(const OriginList& origins, std::optional<Bytes> origin, Scheme scheme,
                           Bytes authority);

/// Guarded: upgrades, SSE, and every method but GET and HEAD: what a foreign page could use
/// without being allowed to read the answer.
enum class OriginGuard : std::uint8_t { Open, Guarded };

Decision decide_origin(OriginKind kind, OriginGuard guard, Bytes origin);

struct ResponseField {
  Bytes name;  // static
  std::string value;
};

/// What every answer to a request with that origin carries, errors included.
/// Source: Fetch, "HTTP responses" (the CORS protocol).
std::vector<ResponseField> cors_fields(const OriginList& origins, OriginKind kind, Bytes origin);

/// What the answer to a preflight (OPTIONS with Access-Control-Request-Method) carries, beyond
/// cors_fields(). `methods`: those of the path; `asked`: Access-Control-Request-Headers, which are
/// allowed to an origin that is.
/// Source: Fetch, "CORS-preflight fetch".
std::vector<ResponseField> preflight_fields(OriginKind kind, Bytes methods, Bytes asked);

}  // namespace carillon::access
