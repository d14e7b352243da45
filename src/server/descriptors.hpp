// How many connections the process has file descriptors for.
#pragma once

#include <cstddef>

namespace carillon::server {

/// The soft limit is a default for programs that use select(); we do not.
void raise_descriptor_limit();

/// What the limit leaves once everything that is open now, and what opens later (a file, a ring per
/// reactor), has its own. When the last descriptor is gone, a listener can no longer say so to
/// those who come: two of them may take each other's spare.
/// Shape: at least 1; very large where there is no limit.
std::size_t connections_that_fit(std::size_t reactor_count);

}  // namespace carillon::server
