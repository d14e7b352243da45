// Calls for commands that do one thing after the other.
#pragma once

#include <utility>

#include "client/answer.hpp"
#include "client/outgoing.hpp"
#include "core/result.hpp"
#include "net/reactor.hpp"

namespace carillon::app {

/// Sends requests and waits for their answers, over one connection as long as the server keeps it.
class Caller {
 public:
  explicit Caller(client::ClientOptions options)
      : options_(std::move(options)),
        requester_(reactor_, options_, client::limits::kAnswerBytes) {}

  /// Errors: those of the client, and Refused for an answer whose status is not 200.
  Result<client::Answer, client::Failure> call(client::HttpRequest request);

 private:
  client::ClientOptions options_;
  net::Reactor reactor_;
  client::Requester requester_;
};

}  // namespace carillon::app
