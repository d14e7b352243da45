#include "protocol/native/problem_code.hpp"

#include <array>
#include <cstddef>

namespace carillon::native {
namespace {

constexpr std::array kTable{
    ProblemInfo{ProblemCode::BadRequest, "bad_request", 400, 4400, "Bad Request"},
    ProblemInfo{ProblemCode::Unauthenticated, "unauthenticated", 401, 4401, "Unauthorized"},
    ProblemInfo{ProblemCode::Forbidden, "forbidden", 403, 4403, "Forbidden"},
    ProblemInfo{ProblemCode::NotFound, "not_found", 404, 0, "Not Found"},
    ProblemInfo{ProblemCode::Conflict, "conflict", 409, 0, "Conflict"},
    ProblemInfo{ProblemCode::Gone, "gone", 410, 0, "Gone"},
    ProblemInfo{ProblemCode::TooLarge, "too_large", 413, 1009, "Content Too Large"},
    ProblemInfo{ProblemCode::Invalid, "invalid", 422, 0, "Unprocessable Content"},
    ProblemInfo{ProblemCode::RateLimited, "rate_limited", 429, 4429, "Too Many Requests"},
    ProblemInfo{ProblemCode::Internal, "internal", 500, 1011, "Internal Server Error"},
    ProblemInfo{ProblemCode::NotSupported, "not_supported", 501, 0, "Not Implemented"},
    ProblemInfo{ProblemCode::Unavailable, "unavailable", 503, 0, "Service Unavailable"},
    ProblemInfo{ProblemCode::TooManyConnections, "too_many_connections", 503, 1013,
                "Service Unavailable"},
    ProblemInfo{ProblemCode::Shutdown, "shutdown", 0, 1001, ""},
    ProblemInfo{ProblemCode::Slow, "slow", 0, 4408, ""},
    ProblemInfo{ProblemCode::Replaced, "replaced", 0, 4409, ""},
    ProblemInfo{ProblemCode::Expired, "expired", 0, 4410, ""},
    ProblemInfo{ProblemCode::Revoked, "revoked", 0, 4411, ""},
    ProblemInfo{ProblemCode::Idle, "idle", 0, 4412, ""},
};

constexpr bool stands_in_order() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::size_t>(kTable[i].code) != i) return false;
  }
  return kTable.size() == static_cast<std::size_t>(ProblemCode::Idle) + 1;
}
static_assert(stands_in_order());

}  // namespace

std::span<const ProblemInfo> problem_table() {
  return kTable;
}

const ProblemInfo& problem_info(ProblemCode code) {
  return kTable[static_cast<std::size_t>(code)];
}

}  // namespace carillon::native
