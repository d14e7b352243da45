// Who looks names up for outgoing connections, where that must not hold up the reactor.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/slot_table.hpp"
#include "net/address.hpp"

namespace carillon::outgoing {

/// Thread: the reactor's of whoever asks.
class Resolver {
 public:
  /// The addresses to try, in their order; or what the system's resolver said.
  using Done = std::move_only_function<void(Result<std::vector<net::Address>, std::string>)>;

  virtual ~Resolver() = default;
  /// `done` is called once, within this call or later. A handle for `cancel`, empty where it was
  /// called already.
  virtual Handle resolve(const std::string& host, std::uint16_t port, Done done) = 0;
  /// Quiet: `done` will not be called.
  virtual void cancel(Handle question) = 0;
};

}  // namespace carillon::outgoing
