#include "access/origin_rule.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "access/authority.hpp"

namespace carillon::access {
namespace {

constexpr Bytes kNull = "null";

struct Origin {
  Bytes scheme;
  Bytes host;
  std::uint16_t port = 0;
};

std::uint16_t default_port(Bytes scheme) {
  if (equal_ignoring_case(scheme, "http")) return 80;
  if (equal_ignoring_case(scheme, "https")) return 443;
  return 0;
}

bool is_scheme(Bytes text) {
  const auto is_alpha = [](char octet) {
    return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
  };
  const auto is_rest = [is_alpha](char octet) {
    return is_alpha(octet) || (octet >= '0' && octet <= '9') ||
           Bytes("+-.").find(octet) != Bytes::npos;
  };
  return !text.empty() && is_alpha(text.front()) && std::all_of(text.begin(), text.end(), is_rest);
}

Origin make_origin(Bytes scheme, const Authority& authority) {
  return {.scheme = scheme,
          .host = authority.host,
          .port = authority.port.value_or(default_port(scheme))};
}

std::optional<Origin> parse_origin(Bytes text) {
  const std::size_t colon = text.find("://");
  if (colon == Bytes::npos || !is_scheme(text.substr(0, colon))) return std::nullopt;
  const auto authority = parse_authority(text.substr(colon + 3));
  if (!authority) return std::nullopt;
  return make_origin(text.substr(0, colon), *authority);
}

bool host_matches(Bytes host, Bytes pattern) {
  if (!pattern.starts_with('.')) return equal_ignoring_case(host, pattern);
  return host.size() > pattern.size() &&
         equal_ignoring_case(host.substr(host.size() - pattern.size()), pattern);
}

bool same(const Origin& left, const Origin& right) {
  return equal_ignoring_case(left.scheme, right.scheme) &&
         equal_ignoring_case(left.host, right.host) && left.port == right.port;
}

}  // namespace

bool OriginList::add(Bytes origin) {
  if (origin == "*") {
    all_ = true;
    return true;
  }
  if (origin == kNull) {
    entries_.emplace_back();
    return true;
  }
  std::string text(origin);
  const std::size_t star = text.find("://*.");
  const bool below = star != std::string::npos;
  if (below) text.erase(star + 3, 2);
  const auto parsed = parse_origin(text);
  if (!parsed) return false;
  entries_.push_back({.scheme = std::string(parsed->scheme),
                      .host = (below ? "." : "") + std::string(parsed->host),
                      .port = parsed->port});
  return true;
}

bool OriginList::has(Bytes origin) const {
  if (origin == kNull) {
    return std::any_of(entries_.begin(), entries_.end(),
                       [](const Entry& entry) { return entry.scheme.empty(); });
  }
  const auto parsed = parse_origin(origin);
  if (!parsed) return false;
  return all_ || std::any_of(entries_.begin(), entries_.end(), [&parsed](const Entry& entry) {
           return equal_ignoring_case(parsed->scheme, entry.scheme) &&
                  host_matches(parsed->host, entry.host) && parsed->port == entry.port;
         });
}

OriginKind classify_origin(const OriginList& origins, std::optional<Bytes> origin, Scheme scheme,
                           Bytes authority) {
  if (!origin) return OriginKind::Absent;
  const auto theirs = parse_origin(*origin);
  const auto own_host = parse_authority(authority);
  if (theirs && own_host) {
    const Bytes own_scheme = scheme == Scheme::Https ? "https" : "http";
    if (same(*theirs, make_origin(own_scheme, *own_host))) return OriginKind::Same;
  }
  return origins.has(*origin) ? OriginKind::Listed : OriginKind::Foreign;
}

Decision decide_origin(OriginKind kind, OriginGuard guard, Bytes origin) {
  if (kind != OriginKind::Foreign || guard == OriginGuard::Open) return {};
  return refuse(Verdict::Forbidden,
                "pages of the origin " + in_quotes(origin) +
                    " may not use this server; if they may, add " + in_quotes(origin) +
                    " to [access] origins, or, behind a proxy that tells how it was addressed, the "
                    "proxy to [access] trusted_proxies");
}

std::vector<ResponseField> cors_fields(const OriginList& origins, OriginKind kind, Bytes origin) {
  std::vector<ResponseField> fields;
  if (origins.empty()) return fields;
  // Also where the answer is a refusal: a cache must not hand it to a page that is allowed.
  fields.push_back({"Vary", "Origin"});
  if (kind != OriginKind::Listed) return fields;
  fields.push_back({"Access-Control-Allow-Origin", std::string(origin)});
  if (!origins.any_page()) fields.push_back({"Access-Control-Allow-Credentials", "true"});
  fields.push_back(
      {"Access-Control-Expose-Headers", "Carillon-Position, Carillon-Gap, ETag, Retry-After"});
  return fields;
}

std::vector<ResponseField> preflight_fields(OriginKind kind, Bytes methods, Bytes asked) {
  if (kind != OriginKind::Listed) return {};
  constexpr Bytes kOwnHeaders =
      "Authorization, Cache-Control, Carillon-Session, Content-Type, Idempotency-Key, "
      "If-None-Match, Last-Event-ID";
  std::string headers(kOwnHeaders);
  if (!asked.empty()) headers.append(", ").append(asked);
  return {
      {"Access-Control-Allow-Methods", std::string(methods)},
      {"Access-Control-Allow-Headers", std::move(headers)},
      // Chromium keeps an answer for two hours at most, Firefox for a day.
      {"Access-Control-Max-Age", "7200"},
  };
}

}  // namespace carillon::access
