// Whole answers, and what those that refuse have to say.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "client/failure.hpp"
#include "client/http_client.hpp"
#include "client/limits.hpp"
#include "core/result.hpp"
#include "protocol/http1/fields.hpp"
#include "protocol/native/position_list.hpp"

namespace carillon::client {

struct Answer {
  int status = 0;
  http1::Fields fields = {};
  std::string body = {};
};

/// A problem document (RFC 9457), or the error that answers a command.
struct Problem {
  std::string code;
  std::string detail;
  std::optional<Duration> wait = {};
  /// Of `gone`: where the channels stand, and from where everything is retained.
  native::PositionList position = {};
  native::PositionList retained = {};
};

/// Empty where `json` is neither. `detail` may stand there as `message`.
std::optional<Problem> parse_problem(Bytes json);

/// Whether trying again can help is decided by the code, and without one by the status: what comes
/// from something between us and the server (a bare 403 or 5xx) may pass.
Failure refusal(const Problem& problem, int status);
/// For an answer whose status is not the one that was hoped for. `wall_clock` is for Retry-After.
Failure refusal(const Answer& answer, Timestamp wall_clock);

/// Calls whose answers are read as a whole.
/// Thread, Lifetime: as of `HttpClient`.
class Requester final : private HttpListener {
 public:
  using Done = std::move_only_function<void(Result<Answer, Failure>)>;

  Requester(net::Reactor& reactor, const ClientOptions& options,
            std::size_t largest_body = limits::kAnswerBytes)
      : http_(reactor, options, *this), largest_body_(largest_body) {}

  /// `done` is called once, never within this call; it may send the next request.
  void send(HttpRequest request, Done done);
  /// No callback afterwards.
  void cancel();

 private:
  void on_http_head(http1::ResponseHead head) override;
  void on_http_body(Bytes piece) override;
  void on_http_complete() override;
  void on_http_failed(const Failure& failure) override;

  HttpClient http_;
  std::size_t largest_body_;
  Answer answer_;
  Done done_;
};

}  // namespace carillon::client
