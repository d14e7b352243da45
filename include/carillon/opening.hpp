// The moment at which a request becomes an endpoint, or does not.
#pragma once

#include <any>
#include <cstdint>
#include <string_view>

#include "carillon/export.hpp"

namespace carillon {

/// What is answered to a request for a WebSocket or an event stream.
/// Lifetime: the call of `on_upgrade` or `on_request` that it was passed to.
class CARILLON_API Opening {
 public:
  /// Answers with that status (400–599) instead. Throws std::invalid_argument for any other.
  virtual void refuse(int status, std::string_view reason = {}) = 0;
  /// Adds a field to the answer, refusals included. Throws as `Response::set_header`.
  virtual void set_header(std::string_view name, std::string_view value) = 0;
  /// One of `Request::subprotocols()`; none is chosen otherwise. Throws std::invalid_argument for
  /// one that was not offered: browsers would give up. Ignored for an event stream.
  virtual void choose_subprotocol(std::string_view name) = 0;
  /// Whatever the application wants to know of this client later: `state()` of the endpoint.
  virtual std::any& state() = 0;

  Opening(const Opening&) = delete;
  Opening& operator=(const Opening&) = delete;

 protected:
  Opening() = default;
  ~Opening() = default;
};

/// Which pages may open an endpoint. A request without Origin comes from no page, and may.
enum class Origins : std::uint8_t {
  Allowed,  // the server's own pages and those of `[access] origins`; 403 for any other
  Any,      // every page of every site: only for what anybody may see and do
};

}  // namespace carillon
