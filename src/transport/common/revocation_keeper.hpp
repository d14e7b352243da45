// Where revocations outlive the process.
#pragma once

#include <functional>
#include <string>

#include "access/revocations.hpp"
#include "core/result.hpp"
#include "net/reactor.hpp"

namespace carillon::transport {

class RevocationKeeper {
 public:
  using Done = std::move_only_function<void(Result<void, std::string>)>;

  /// `done` is called on `asker` when it is on the disk, or with why it is not.
  /// Thread: the asker's.
  virtual void keep(access::Revocation revocation, net::Reactor& asker, Done done) = 0;

 protected:
  ~RevocationKeeper() = default;
};

}  // namespace carillon::transport
