// From a request's head to its route, or to the answer that refuses it: the same whichever HTTP
// version carried it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "access/origin_rule.hpp"
#include "core/bytes.hpp"
#include "protocol/http1/error.hpp"
#include "protocol/http1/request.hpp"
#include "transport/common/request.hpp"
#include "transport/common/response.hpp"
#include "transport/common/router.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {

/// What a head tells beside what `Request` has.
/// Lifetime: views of the head.
struct HeadFacts {
  Bytes path;   // encoded
  Bytes query;  // encoded
  http1::Expectation expectation = http1::Expectation::None;
  std::optional<std::uint64_t> body_bytes;  // where Content-Length tells it
};

/// Where a request goes.
struct Intake {
  const Route* route = nullptr;
  std::vector<access::ResponseField> response_fields;  // of every answer, refusals included
};

/// Reads path and query, and asks the door, the limits and the router.
/// `request` comes with what its protocol knows, and gets the rest but the body.
/// Errors: the answer; `intake` has what belongs to it.
std::optional<Response> take_in(Worker& worker, const HeadFacts& facts, Request& request,
                                Intake& intake);

/// The answer to a request that cannot be read.
Response parse_error_response(http1::ParseError error);

}  // namespace carillon::transport
