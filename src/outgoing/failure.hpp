// Why something did not work, for a program (what to do next) and for a person (what to read).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/time.hpp"

namespace carillon::outgoing {

enum class FailureKind : std::uint8_t {
  Unreachable,  // no connection could be made
  Lost,         // the connection broke
  Silent,       // nothing was heard for longer than the link is trusted
  NotOurs,      // the answer is not one of a Carillon server
  Busy,         // too many calls wait already
  TooLarge,     // the answer exceeds a limit of the client's
  Refused,      // the server answered with a problem
  Closing,      // the server ends the link and says when to come back
};

/// Whether trying again can help.
enum class Remedy : std::uint8_t { Retry, None };

struct Failure {
  FailureKind kind = FailureKind::Lost;
  Remedy remedy = Remedy::Retry;
  /// A sentence for the user without its full stop.
  std::string text = {};
  /// The problem's code and status, where the server gave one; empty and 0 otherwise.
  std::string code = {};
  int status = 0;
  /// The server's advice: not before so long.
  std::optional<Duration> wait = {};
};

}  // namespace carillon::outgoing
