#include "load/helper.hpp"

#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "load/http_wire.hpp"
#include "net/unique_fd.hpp"

extern char** environ;

namespace carillon::bench {
namespace {

constexpr int kLookEveryMs = 20;

struct Started {
  pid_t pid = 0;
  net::UniqueFd output;
};

Started start(const std::vector<std::string>& words) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw WireError("pipe");
  net::UniqueFd reading(ends[0]);
  const net::UniqueFd writing(ends[1]);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addclose(&actions, reading.get());
  ::posix_spawn_file_actions_adddup2(&actions, writing.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, writing.get(), STDERR_FILENO);
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t pid = 0;
  const int error =
      ::posix_spawnp(&pid, words.front().c_str(), &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw WireError(words.front() + ": " + std::strerror(error));
  return {.pid = pid, .output = std::move(reading)};
}

}  // namespace

std::string run_helper(const std::vector<std::string>& words, const std::function<void()>& look) {
  const Started helper = start(words);
  std::string said;
  std::array<char, 16 * 1024> buffer;
  for (ssize_t count = 1; count > 0;) {
    pollfd waits{.fd = helper.output.get(), .events = POLLIN, .revents = 0};
    const int ready = ::poll(&waits, 1, kLookEveryMs);
    look();
    if (ready <= 0) continue;
    count = ::read(helper.output.get(), buffer.data(), buffer.size());
    if (count > 0) said.append(buffer.data(), static_cast<std::size_t>(count));
  }
  int status = 0;
  ::waitpid(helper.pid, &status, 0);
  if (status != 0) throw WireError(words.front() + " has failed: " + said.substr(0, 1000));
  return said;
}

std::uint64_t number_behind(const std::string& text, const std::string& name) {
  const std::size_t at = text.rfind(name);
  const std::size_t digit =
      at == std::string::npos ? at : text.find_first_of("0123456789", at + name.size());
  if (digit == std::string::npos) throw WireError("no '" + name + "' in: " + text.substr(0, 1000));
  return std::stoull(text.substr(digit, 20));
}

}  // namespace carillon::bench
