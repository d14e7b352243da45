// What a program that embeds the server decides itself about its clients.
#pragma once

#include <cstdint>
#include <functional>

#include "access/action.hpp"
#include "access/permissions.hpp"
#include "core/bytes.hpp"
#include "core/result.hpp"
#include "transport/common/problem.hpp"

namespace carillon::transport {

class Worker;

enum class Ruling : std::uint8_t { ByRules, Allow, Refuse };

/// Called once, on the reactor that asked; not at all once that has stopped.
using Verified = std::move_only_function<void(Result<access::Identity, Problem>)>;

/// Empty functions: the settings alone decide. Constant once the reactors run.
struct AccessHooks {
  /// Says whose token that is, within this call or later. Errors: Unauthenticated; Unavailable
  /// without an answer that counts.
  std::function<void(Worker&, Bytes token, Verified done)> verify_token;
  /// Whether a client may do a channel action.
  std::function<Ruling(Worker&, const access::Identity&, access::Action, Bytes channel)> decide;
};

}  // namespace carillon::transport
