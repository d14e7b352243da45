// Asks the application who a client is: the same for every transport.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "access/permissions.hpp"
#include "backend/call_url.hpp"
#include "backend/http_pool.hpp"
#include "core/result.hpp"
#include "net/reactor.hpp"
#include "outgoing/requester.hpp"
#include "outgoing/resolver.hpp"
#include "transport/common/probe.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/request.hpp"
#include "transport/common/settings.hpp"

namespace carillon::transport {

/// One POST for each question, with the client's cookies where they count (see Request) and the
/// headers that the settings name; docs/tokens.md says what is in it and what the answer means.
/// Whatever is not a clear yes is a no, and no answer is used twice.
/// Thread:   its reactor's.
/// Lifetime: reactor, resolver and probe outlive it.
class ConnectCalls {
 public:
  /// Errors: Unauthenticated and Forbidden as the application says; Unavailable without an answer
  ///         that counts.
  using Done = std::move_only_function<void(Result<access::Identity, Problem>)>;

  ConnectCalls(net::Reactor& reactor, outgoing::Resolver& resolver, const ConnectSettings& settings,
               Probe& probe);

  /// `done` is called once, never within this call.
  void ask(const Request& request, TransportKind transport, Done done);
  /// Keeps no connection to the application from now on.
  void drain() { pool_.drain(); }

 private:
  using Answer = Result<outgoing::Answer, outgoing::Failure>;

  outgoing::HttpRequest question(const Request& request, TransportKind transport) const;
  Result<access::Identity, Problem> judge(const Answer& answer);
  std::unexpected<Problem> fail(const std::string& why);
  void note_success();

  net::Reactor& reactor_;
  Probe& probe_;
  backend::CallUrl url_;
  std::vector<std::string> headers_;
  backend::HttpPool pool_;
  bool failing_ = false;  // told on the log
};

}  // namespace carillon::transport
