// What a client asks, as a handler sees it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "carillon/export.hpp"

namespace carillon {

namespace transport {
struct Request;
}

/// One HTTP request, complete and checked.
/// Thread:   its reactor's.
/// Lifetime: it and all its views until the handler it was passed to has returned.
class CARILLON_API Request {
 public:
  /// As the client sent it, e.g. `GET`. A route for GET gets HEAD too; what is answered is then
  /// measured and left out.
  std::string_view method() const;
  /// Decoded, without the query and without `[http] base_path`.
  std::string_view path() const;
  /// What stands in the path where the route has `:name`; for `*`, the rest. Empty: no such one.
  std::string_view parameter(std::string_view name) const;

  /// The first value of that name in the query, decoded.
  std::optional<std::string_view> query(std::string_view name) const;
  std::vector<std::string_view> query_all(std::string_view name) const;

  /// The first field of that name, in any case.
  std::optional<std::string_view> header(std::string_view name) const;
  /// All fields in their order, names as sent.
  std::vector<std::pair<std::string_view, std::string_view>> headers() const;
  /// The value of the first cookie of that name; quotes are kept (RFC 6265 §5.4).
  std::optional<std::string_view> cookie(std::string_view name) const;
  std::optional<std::string_view> origin() const { return header("origin"); }
  /// The subprotocols that a WebSocket client offers, best first.
  std::vector<std::string_view> subprotocols() const;

  /// Whom the client meant, `host[:port]`: the Host rule has let it through.
  std::string_view host() const;
  /// The client's IP address, as far as `[access] trusted_proxies` tell; `unix` for a Unix socket,
  /// `unknown` where a proxy forwards the connection without telling whose it is.
  std::string address() const;
  /// Whether the client came by https, as a trusted proxy tells.
  bool is_secure() const;

  /// Decoded from chunks; at most `RouteOptions::max_body_bytes`.
  std::string_view body() const;

  /// For the library alone.
  explicit Request(const transport::Request& request) : request_(&request) {}
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

 private:
  const transport::Request* request_;
};

}  // namespace carillon
