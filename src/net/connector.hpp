// Opens a connection to the first of several addresses that answers: what resolvers give for one
// name is tried in turn, and a silent address does not hold up the next one.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "net/address.hpp"
#include "net/limits.hpp"
#include "net/reactor.hpp"
#include "net/unique_fd.hpp"

namespace carillon::net {

struct ConnectOptions {
  Duration time_limit = limits::kConnectTime;  // over all addresses together
  Duration head_start = limits::kConnectHeadStart;
};

/// Non-blocking, with TCP_NODELAY: ready for `Reactor::adopt`.
struct Connected {
  UniqueFd socket;
  PeerAddress peer;
};

/// One connection attempt at a time, over any number of addresses in the order given.
/// Shape:    the next address is tried when the one before has failed, or has had its head start
///           (Happy Eyeballs, RFC 8305 §5); the first that answers wins, the others are dropped.
/// Thread:   its reactor's own.
/// Lifetime: the reactor outlives it. It may be cancelled in its own callback, not destroyed.
class Connector {
 public:
  /// Errors: a sentence for the user: each address that was tried and what became of it.
  using Done = std::move_only_function<void(Result<Connected, std::string>)>;

  explicit Connector(Reactor& reactor, ConnectOptions options = {});
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;
  ~Connector();

  /// `done` is called once, never within this call. An attempt under way is cancelled first.
  void start(std::vector<Address> addresses, Done done);
  /// Quiet: `done` will not be called.
  void cancel();
  bool busy() const { return done_ != nullptr; }

 private:
  class Attempt;

  void try_next();
  void on_answer(Attempt& attempt, int error);
  void note(const Address& address, const std::string& what);
  void finish(Result<Connected, std::string> result);

  Reactor& reactor_;
  ConnectOptions options_;
  Done done_;
  std::vector<Address> addresses_;
  std::size_t next_ = 0;  // of `addresses_`
  std::vector<std::unique_ptr<Attempt>> attempts_;
  std::string failures_;
  TimerId head_start_;
  TimerId time_limit_;
};

}  // namespace carillon::net
