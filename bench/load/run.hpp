// The kinds of load, one function each.
#pragma once

#include "load/options.hpp"
#include "load/report.hpp"

namespace carillon::bench {

/// Errors: each throws WireError when the server breaks off or falls silent.
Report run_fan_out(const Options& options);
Report run_echo(const Options& options);
Report run_storm(const Options& options);
Report run_idle(const Options& options);
Report run_requests(const Options& options);

}  // namespace carillon::bench
