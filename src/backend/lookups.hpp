// The system's resolver, which blocks, on a thread of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "net/address.hpp"
#include "net/reactor.hpp"

namespace carillon::backend {

/// One thread for the process, begun with the first question.
/// Thread:   any may ask.
/// Lifetime: reactors that have asked outlive it. The end does not wait for an answer that is
///           still to come: nobody will hear it.
class Lookups {
 public:
  using Answer = Result<std::vector<net::Address>, std::string>;
  using Done = std::move_only_function<void(Answer)>;

  Lookups();
  Lookups(const Lookups&) = delete;
  Lookups& operator=(const Lookups&) = delete;
  ~Lookups();

  /// `done` is run by that reactor, unless it has stopped. The addresses have the port 0.
  void ask(net::Reactor& reactor, std::string host, Done done);

 private:
  struct State;
  static void serve(const std::shared_ptr<State>& state);

  std::shared_ptr<State> state_;  // shared with the thread, which may outlive us by one answer
};

}  // namespace carillon::backend
