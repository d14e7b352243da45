// bench_hot_paths: runs each hot path under valgrind's callgrind, with one dump of counts for each.
// Without valgrind it just runs them. Prints `<name> <operations>` lines for guard.mjs.
#include <sys/resource.h>
#include <valgrind/callgrind.h>

#include <cstdio>

#include "guard/hot_paths.hpp"

namespace {

/// The first runs fill tables and pools that a server fills once.
constexpr int kWarmUps = 3;

void measure(const carillon::bench::HotPath& path) {
  for (int round = 0; round <= kWarmUps; ++round) {
    path.prepare();
    if (round < kWarmUps) {
      path.run();
      continue;
    }
    CALLGRIND_ZERO_STATS;
    path.run();
    CALLGRIND_DUMP_STATS_AT(path.name.c_str());
  }
  std::printf("%s %zu\n", path.name.c_str(), path.operations);
}

}  // namespace

int main() {
  rlimit descriptors{};
  ::getrlimit(RLIMIT_NOFILE, &descriptors);
  descriptors.rlim_cur = descriptors.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &descriptors);
  for (const auto& path : carillon::bench::codec_paths()) measure(path);
  for (const auto& path : carillon::bench::delivery_paths()) measure(path);
  for (const auto& path : carillon::bench::access_paths()) measure(path);
}
