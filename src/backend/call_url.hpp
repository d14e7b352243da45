// Where a call to the application goes, as the configuration has it.
#pragma once

#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "outgoing/server_url.hpp"

namespace carillon::backend {

/// Shape: `http://host[:port]/path[?query]`, `https://…` likewise, or
/// `unix:/path/of/socket:/path[?query]`.
struct CallUrl {
  outgoing::ServerUrl server;
  std::string target;  // path and query, as they are sent

  /// Errors: a sentence for the user that says what to write instead.
  static Result<CallUrl, std::string> parse(Bytes text);
  /// For logs: without the query, which may hold a secret.
  std::string to_text() const;
};

}  // namespace carillon::backend
