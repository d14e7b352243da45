// The Host rule: a page of another site must not reach this server by pointing its own name at
// our address (DNS rebinding).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/decision.hpp"
#include "core/bytes.hpp"

namespace carillon::access {

/// The names of `[access] hosts`.
class HostList {
 public:
  /// `name` is a host without scheme and port, `*.name` for all below it, or `*` for all.
  /// False, and nothing added, for anything else.
  [[nodiscard]] bool add(Bytes name);
  bool has(Bytes host) const;

 private:
  std::vector<std::string> names_;
  std::vector<std::string> suffixes_;  // with the leading dot
  bool all_ = false;
};

/// For a request over TCP; one over a Unix socket is not to be asked about. `authority` is what
/// Host says, empty for an HTTP/1.0 request without it, which is allowed.
/// Any IP literal is allowed (it cannot be rebound), `localhost`, `*.localhost`, and the list;
/// port and case are ignored.
Decision decide_host(const HostList& hosts, Bytes authority);

}  // namespace carillon::access
