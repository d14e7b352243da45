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

Response untagged(Precondition precondition, Bytes json) {
  switch (precondition) {
    case Precondition::NotModified:
      return {.head = {.status = 304, .fields = {}}, .body = {}};
    case Precondition::Failed:
      return problem_response(native::ProblemCode::BadRequest,
                              "this is no longer what If-Match or If-Unmodified-Since ask for",
                              412);
    case Precondition::Proceed:
      break;
  }
  return json_response(200, json);
}

}  // namespace

Response tagged_json_response(const Request& request, Bytes etag, Bytes json, Timestamp now) {
  Response response = untagged(precondition_of(request, etag, now), json);
  response.add("ETag", etag).add("Cache-Control", "no-cache");
  return response;
}

}  // namespace carillon::transport
