// Tokens of one reactor's clients that wait for the application's word.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "access/permissions.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "net/reactor.hpp"
#include "transport/common/access_hooks.hpp"
#include "transport/common/problem.hpp"

namespace carillon::facade {

/// Of one reactor; whoever comes with one more is refused with 503. As many as connections that a
/// process has descriptors for.
inline constexpr std::size_t kTokenChecks = 65'536;

/// What is answered where the application has no answer.
transport::Problem no_answer();

/// Thread: its reactor's.
class TokenChecks {
 public:
  using Answer = Result<access::Identity, transport::Problem>;

  explicit TokenChecks(net::Reactor& reactor) : reactor_(reactor) {}
  TokenChecks(const TokenChecks&) = delete;
  TokenChecks& operator=(const TokenChecks&) = delete;

  /// `done` is called by answer(), or when `limit` has passed; at once where too many wait.
  void begin(std::uint64_t number, Duration limit, transport::Verified done);
  /// Quiet where it has been answered.
  void answer(std::uint64_t number, Answer answer);

 private:
  struct Check {
    transport::Verified done;
    net::TimerId deadline;
  };

  net::Reactor& reactor_;
  std::unordered_map<std::uint64_t, Check> checks_;
};

}  // namespace carillon::facade
