#include "apps/carillon/caller.hpp"

#include <optional>

#include "core/time.hpp"

namespace carillon::app {

Result<client::Answer, client::Failure> Caller::call(client::HttpRequest request) {
  // The server may have ended a connection that was idle: that is to be noticed before it is used.
  reactor_.run_once(Duration::zero());
  std::optional<Result<client::Answer, client::Failure>> outcome;
  requester_.send(std::move(request), [&](Result<client::Answer, client::Failure> result) {
    outcome.emplace(std::move(result));
  });
  while (!outcome) reactor_.run_once(Duration::max());
  if (*outcome && (*outcome)->status != 200) {
    return std::unexpected(client::refusal(**outcome, reactor_.wall_clock()));
  }
  return std::move(*outcome);
}

}  // namespace carillon::app
