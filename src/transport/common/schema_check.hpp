// What publications must look like, by namespace, on every way in.
#pragma once

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "hub/publication.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {

/// Checks data for `channel` against its namespace's schema, and counts what it refuses.
/// Errors: Invalid, with the place that does not fit; for binary data, always.
Result<void, Problem> check_schema(Worker& worker, Bytes channel, hub::DataKind kind, Bytes data);

}  // namespace carillon::transport
