#include "server/descriptors.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <limits>
#include <system_error>

namespace carillon::server {
namespace {

/// Kept free for what the process opens later: files, the resolver, a socket being refused.
constexpr std::size_t kReserved = 8;
/// And for each reactor: a ring, and a connection that another accepts at the same moment.
constexpr std::size_t kReservedPerReactor = 2;

std::size_t open_descriptors() {
  std::error_code error;
  const std::filesystem::directory_iterator all("/proc/self/fd", error);
  return error ? 0 : static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

}  // namespace

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::size_t connections_that_fit(std::size_t reactor_count) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return std::numeric_limits<std::size_t>::max();
  }
  const std::size_t taken = open_descriptors() + kReserved + kReservedPerReactor * reactor_count;
  return std::max<std::size_t>(limit.rlim_cur, taken + 1) - taken;
}

}  // namespace carillon::server
