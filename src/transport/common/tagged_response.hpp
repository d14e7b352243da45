// Answers with an ETag of what they give, so that whoever has it already is spared the body.
#pragma once

#include <functional>
#include <string>

#include "core/time.hpp"
#include "transport/common/request.hpp"
#include "transport/common/response.hpp"

namespace carillon::transport {

/// 200 with what `make_json` gives, or 304 or 412 in its place, as the request's preconditions have
/// it. `etag` with its quotes.
/// Source: RFC 9110 §13.2.2.
Response tagged_json_response(const Request& request, Bytes etag, Timestamp now,
                              const std::function<std::string()>& make_json);

}  // namespace carillon::transport
