// What the server costs, as the kernel counts it: time on a cpu, and memory of its own.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace carillon::bench {

/// In nanoseconds.
struct CpuTime {
  std::uint64_t total = 0;    // of all threads, with ksoftirqd's part
  std::uint64_t softirq = 0;  // ksoftirqd's part of it
  double user_share = 0;      // of the threads' own, by the (coarser) tick counters

  CpuTime since(const CpuTime& begin) const;

  std::uint64_t user_ticks = 0;
  std::uint64_t system_ticks = 0;
};

/// A process and its descendants.
class ServerProcess {
 public:
  /// `cpus`: those whose ksoftirqd does the server's part of loopback TCP when it is busy.
  ServerProcess(pid_t pid, const std::vector<int>& cpus);

  CpuTime cpu() const;
  /// Proportional set size, in bytes: what would be free without it.
  std::uint64_t pss_bytes() const;

 private:
  std::vector<pid_t> family() const;

  pid_t pid_;
  std::vector<pid_t> softirq_pids_;
};

}  // namespace carillon::bench
