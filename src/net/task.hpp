// The unit of work that reactors run and hand to each other.
#pragma once

#include <functional>

namespace carillon::net {

/// Runs once, on the reactor it was given to. It may own what it captures.
/// Errors: an exception is caught at the reactor's boundary, logged and counted.
using Task = std::move_only_function<void()>;

}  // namespace carillon::net
