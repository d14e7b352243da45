#include "load/server_process.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace carillon::bench {
namespace {

namespace fs = std::filesystem;

std::string contents(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string proc(pid_t pid) {
  return "/proc/" + std::to_string(pid);
}

std::vector<std::string> thread_folders(pid_t pid) {
  std::vector<std::string> folders;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(proc(pid) + "/task", error)) {
    folders.push_back(entry.path().string());
  }
  return folders;
}

/// Nanoseconds on a cpu (sum_exec_runtime), which are exact where utime and stime are sampled.
std::uint64_t run_time(pid_t pid) {
  std::uint64_t sum = 0;
  for (const std::string& folder : thread_folders(pid)) {
    std::istringstream text(contents(folder + "/schedstat"));
    std::uint64_t time = 0;
    if (text >> time) sum += time;
  }
  return sum;
}

void add_ticks(pid_t pid, CpuTime& time) {
  const std::string stat = contents(proc(pid) + "/stat");
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return;
  std::istringstream fields(stat.substr(name_end + 2));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;  // up to utime, the 14th
  std::uint64_t user = 0;
  std::uint64_t system = 0;
  fields >> user >> system;
  time.user_ticks += user;
  time.system_ticks += system;
}

std::vector<pid_t> softirq_threads(const std::vector<int>& cpus) {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string command = contents(entry.path().string() + "/comm");
    for (const int cpu : cpus) {
      if (command == "ksoftirqd/" + std::to_string(cpu) + "\n") found.push_back(std::stoi(name));
    }
  }
  return found;
}

}  // namespace

CpuTime CpuTime::since(const CpuTime& begin) const {
  CpuTime time{.total = total - begin.total, .softirq = softirq - begin.softirq};
  time.user_ticks = user_ticks - begin.user_ticks;
  time.system_ticks = system_ticks - begin.system_ticks;
  const auto ticks = static_cast<double>(time.user_ticks + time.system_ticks);
  if (ticks > 0) time.user_share = static_cast<double>(time.user_ticks) / ticks;
  return time;
}

ServerProcess::ServerProcess(pid_t pid, const std::vector<int>& cpus)
    : pid_(pid), softirq_pids_(softirq_threads(cpus)) {}

std::vector<pid_t> ServerProcess::family() const {
  std::vector<pid_t> pids;
  if (pid_ > 0) pids.push_back(pid_);
  for (std::size_t index = 0; index < pids.size(); ++index) {
    for (const std::string& folder : thread_folders(pids[index])) {
      std::istringstream children(contents(folder + "/children"));
      for (pid_t child = 0; children >> child;) pids.push_back(child);
    }
  }
  return pids;
}

CpuTime ServerProcess::cpu() const {
  CpuTime time;
  for (const pid_t pid : family()) {
    time.total += run_time(pid);
    add_ticks(pid, time);
  }
  for (const pid_t pid : softirq_pids_) time.softirq += run_time(pid);
  time.total += time.softirq;
  return time;
}

std::uint64_t ServerProcess::pss_bytes() const {
  std::uint64_t sum = 0;
  for (const pid_t pid : family()) {
    std::istringstream lines(contents(proc(pid) + "/smaps_rollup"));
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("Pss:")) sum += std::stoull(line.substr(4)) * 1024;
    }
  }
  return sum;
}

}  // namespace carillon::bench
