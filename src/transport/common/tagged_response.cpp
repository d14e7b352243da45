#include "transport/common/tagged_response.hpp"

#include <chrono>

#include "protocol/http1/conditional.hpp"
#include "transport/common/problem.hpp"

namespace carillon::transport {
namespace {

using http1::Precondition;

Precondition precondition_of(const Request& request, Bytes etag, Timestamp now) {
  const std::chrono::sys_time since_epoch(std::chrono::microseconds(now.microseconds));
  return http1::evaluate_preconditions(request.method, *request.fields,
                                       {.etag = etag, .last_modified = {}},
                                       std::chrono::floor<std::chrono::seconds>(since_epoch));
}

Response untagged(Precondition precondition, const std::function<std::string()>& make_json) {
  switch (precondition) {
    case Precondition::NotModified:
      return {.head = {.status = 304, .fields = {}}, .body = {}};
    case Precondition::Failed:
      return problem_response(native::ProblemCode::BadRequest,
                              "this is not what If-Match names, or newer than If-Unmodified-Since: "
                              "read it anew without them",
                              412);
    case Precondition::Proceed:
      break;
  }
  return json_response(200, make_json());
}

}  // namespace

Response tagged_json_response(const Request& request, Bytes etag, Timestamp now,
                              const std::function<std::string()>& make_json) {
  Response response = untagged(precondition_of(request, etag, now), make_json);
  response.add("ETag", etag).add("Cache-Control", "no-cache");
  return response;
}

}  // namespace carillon::transport
