// Standard output for a program that must go on listening: nothing is lost between two writes, and
// a reader that takes nothing does not keep the program from ending.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/bytes.hpp"
#include "net/unique_fd.hpp"

namespace carillon::app {

/// Lines are gathered and written by `flush`, which waits until the reader has taken them.
/// Thread: one thread; SIGPIPE must be ignored.
class Output {
 public:
  enum class State : std::uint8_t {
    Open,
    Closed,       // nobody reads any more (EPIPE)
    Interrupted,  // a signal that ends the program waits; the rest is not written
    Failed,       // the disk is full, …: errno told, see `failure`
  };

  explicit Output(int fd);

  void add_line(Bytes line);
  std::size_t pending_bytes() const { return pending_.size(); }
  /// Returns the state, which stays what it is once it is not Open.
  State flush();
  State state() const { return state_; }
  /// What the system said, where the state is Failed.
  const std::string& failure() const { return failure_; }

 private:
  bool wait_until_writable();

  int fd_;
  net::UniqueFd signals_;  // polled, never read: whoever ends the program reads them
  std::string pending_;
  std::string failure_;
  State state_ = State::Open;
};

}  // namespace carillon::app
