#include "transport/common/intake.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "protocol/http1/target.hpp"
#include "transport/common/admission.hpp"
#include "transport/common/https_redirect.hpp"
#include "transport/common/limiter.hpp"
#include "transport/common/problem.hpp"

namespace carillon::transport {
namespace {

using native::ProblemCode;

constexpr std::array<Bytes, 9> kKnownMethods = {"GET",   "HEAD",  "POST",    "PUT",    "DELETE",
                                                "PATCH", "TRACE", "OPTIONS", "CONNECT"};

ProblemCode code_of_status(int status) {
  switch (status) {
    case 413:
      return ProblemCode::TooLarge;
    case 501:
    case 505:
      return ProblemCode::NotSupported;
    default:
      return ProblemCode::BadRequest;
  }
}

std::optional<Response> read_target(const HeadFacts& facts, Request& request) {
  auto path = http1::decode_path(facts.path);
  if (!path) return parse_error_response(path.error());
  auto query = http1::QueryParameters::parse(facts.query);
  if (!query) return parse_error_response(query.error());
  request.path = std::move(*path);
  request.query = std::move(*query);
  return std::nullopt;
}

Router::Match find_route(Worker& worker, Request& request) {
  const std::string& base = worker.settings().http.base_path;
  const bool below_base = request.path.starts_with(base) &&
                          (request.path.size() == base.size() || request.path[base.size()] == '/');
  if (!below_base) return {};
  request.path.erase(0, base.size());
  return worker.router().match(request.method, request.path);
}

Response miss_response(Worker& worker, const Request& request, Router::Miss miss) {
  if (miss == Router::Miss::NotFound) {
    return problem_response(ProblemCode::NotFound, "there is nothing at this path", 404);
  }
  const std::string allowed = worker.router().allowed_methods(request.path);
  Response response = problem_response(ProblemCode::BadRequest, "this path allows " + allowed, 405);
  response.add("Allow", allowed);
  return response;
}

Response options_response(Worker& worker, const Request& request, access::OriginKind origin) {
  std::string allowed = worker.router().allowed_methods(request.path);
  if (allowed.empty()) allowed = "GET, HEAD, OPTIONS";
  Response response{.head = {.status = 204, .fields = {}}, .body = {}};
  response.add("Allow", allowed);
  if (request.field("access-control-request-method")) {
    const auto asked = request.field("access-control-request-headers");
    for (const auto& field : access::preflight_fields(origin, allowed, asked.value_or(""))) {
      response.add(field.name, field.value);
    }
  }
  return response;
}

/// What only TLS can give, or has.
std::optional<Response> redirect(const HttpSettings& http, const HeadFacts& facts,
                                 const Request& request, Intake& intake) {
  if (http.redirect_port && request.requester.scheme == access::Scheme::Http) {
    return https_redirect(request.requester.authority, *http.redirect_port, facts.path,
                          facts.query);
  }
  if (request.scheme == access::Scheme::Https && !http.hsts.empty()) {
    intake.response_fields.push_back({"Strict-Transport-Security", http.hsts});
  }
  return std::nullopt;
}

}  // namespace

Response parse_error_response(http1::ParseError error) {
  const int status = http1::status_of(error);
  return problem_response(code_of_status(status), http1::explain(error), status);
}

std::optional<Response> take_in(Worker& worker, const HeadFacts& facts, Request& request,
                                Intake& intake) {
  if (auto refusal = read_target(facts, request)) return refusal;
  Router::Match match = find_route(worker, request);
  intake.route = match.route;
  request.path_parameters = std::move(match.parameters);
  auto admission = admit(worker, request, match.route ? match.route->kind : RouteKind::Plain);
  if (!admission) return problem_response(admission.error());
  request.requester = admission->requester;
  request.cookie_counts = admission->cookie_counts;
  intake.response_fields = std::move(admission->response_fields);
  if (auto may = admit_request(worker, request); !may) return problem_response(may.error());
  if (auto answer = redirect(worker.settings().http, facts, request, intake)) return answer;

  if (std::ranges::find(kKnownMethods, request.method) == kKnownMethods.end()) {
    return problem_response(ProblemCode::NotSupported, "unknown method", 501);
  }
  if (facts.expectation == http1::Expectation::Unknown) {
    return problem_response(ProblemCode::BadRequest, "only Expect: 100-continue is known", 417);
  }
  if (request.method == "OPTIONS") return options_response(worker, request, admission->origin);
  if (match.route == nullptr) return miss_response(worker, request, match.miss);
  if (facts.body_bytes.value_or(0) > match.route->body_limit_bytes) {
    return parse_error_response(http1::ParseError::BodyTooLarge);
  }
  return std::nullopt;
}

}  // namespace carillon::transport
