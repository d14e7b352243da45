#include "transport/common/problem.hpp"

#include <fmt/format.h>

#include "protocol/native/encode.hpp"

namespace carillon::transport {

using native::ProblemCode;

Problem to_problem(const access::Decision& decision) {
  const auto code = [&] {
    switch (decision.verdict) {
      case access::Verdict::BadRequest:
        return ProblemCode::BadRequest;
      case access::Verdict::Unauthenticated:
        return ProblemCode::Unauthenticated;
      case access::Verdict::Forbidden:
        return ProblemCode::Forbidden;
      case access::Verdict::Allowed:
        break;
    }
    return ProblemCode::Internal;
  }();
  return {.code = code, .detail = decision.reason};
}

Problem to_problem(hub::BrokerError error) {
  const auto code =
      error == hub::BrokerError::DedupeMismatch ? ProblemCode::Invalid : ProblemCode::Unavailable;
  return {.code = code, .detail = std::string(hub::describe(error))};
}

Problem too_many_rounds() {
  return {.code = ProblemCode::Unavailable,
          .detail = "too many calls that look at every connection are under way: try again soon"};
}

Response problem_response(const Problem& problem) {
  std::string body;
  native::append_problem(body, problem.view());
  Response response =
      make_response(native::problem_info(problem.code).status, "application/problem+json", body);
  response.add("Cache-Control", "no-store");
  if (problem.code == ProblemCode::Unauthenticated) response.add("WWW-Authenticate", "Bearer");
  if (problem.code == ProblemCode::Unavailable) response.add("Retry-After", "1");
  response.is_last = problem.is_last;
  if (problem.wait) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*problem.wait).count();
    response.add("Retry-After", fmt::format("{}", seconds));
  }
  return response;
}

Response problem_response(ProblemCode code, Bytes detail, int status) {
  std::string body;
  native::append_problem(
      body, {.code = code, .detail = detail, .wait = {}, .position = {}, .retained = {}},
      static_cast<std::uint16_t>(status), http1::reason_phrase(status));
  return make_response(status, "application/problem+json", body).add("Cache-Control", "no-store");
}

}  // namespace carillon::transport
