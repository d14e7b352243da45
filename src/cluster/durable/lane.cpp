#include "cluster/durable/lane.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "cluster/durable/limits.hpp"
#include "core/check.hpp"

namespace carillon::cluster::durable {

Lane::Lane(net::Waker& writer)
    : writer_(writer),
      event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      submissions_(limits::kLanePublications),
      verdicts_(limits::kLanePublications) {
  if (!event_) throw std::system_error(errno, std::generic_category(), "eventfd");
}

bool Lane::try_submit(Submission& submission) {
  if (!submissions_.try_push(submission)) return false;
  writer_.wake();
  return true;
}

void Lane::clear_event() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto read = ::read(event_.get(), &count, sizeof count);
}

std::optional<Submission> Lane::take() {
  for (;;) {
    std::optional<Submission> next = submissions_.pop();
    if (!next || !void_attempt_ || next->attempt > *void_attempt_) return next;
  }
}

void Lane::report(const Verdict& verdict) {
  if (!verdict.is_kept) void_attempt_ = verdict.attempt;
  Verdict copy = verdict;
  CARILLON_CHECK(verdicts_.try_push(copy));
  const std::uint64_t one = 1;
  // It can only fail when the counter is full, and then the home is told already.
  [[maybe_unused]] const auto written = ::write(event_.get(), &one, sizeof one);
}

}  // namespace carillon::cluster::durable
