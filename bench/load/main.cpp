// bench_load: loads one server in one way and prints what that cost as one line of JSON.
// Exit code: 0; 1 with a fault in what arrived (the JSON tells); 2 when the run broke off.
#include <sys/resource.h>

#include <cstdio>
#include <exception>

#include "load/options.hpp"
#include "load/run.hpp"

namespace {

using carillon::bench::Mode;
using carillon::bench::Options;
using carillon::bench::Report;

void raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

Report run(const Options& options) {
  switch (options.mode) {
    case Mode::FanOut:
      return carillon::bench::run_fan_out(options);
    case Mode::Echo:
      return carillon::bench::run_echo(options);
    case Mode::Storm:
      return carillon::bench::run_storm(options);
    case Mode::Idle:
      return carillon::bench::run_idle(options);
    case Mode::Requests:
      return carillon::bench::run_requests(options);
  }
  return {};
}

}  // namespace

int main(int count, char** words) {
  const Options options = carillon::bench::parse_options(count, words);
  raise_descriptor_limit();
  try {
    const Report report = run(options);
    std::puts(to_json(report).c_str());
    return report.faults.any() ? 1 : 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_load: %s\n", error.what());
    return 2;
  }
}
