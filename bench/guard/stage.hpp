// One reactor as the server wires it, with connections whose sockets are none.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "backend/lookups.hpp"
#include "core/slot_table.hpp"
#include "core/time.hpp"
#include "net/address.hpp"
#include "net/reactor.hpp"
#include "server/config.hpp"
#include "server/shard.hpp"
#include "transport/common/limit.hpp"

namespace carillon::bench {

/// WebSockets that hear the channel `hot`, and as many connections for long polls.
inline constexpr std::size_t kSubscribers = 1'000;

class Stage {
 public:
  /// All come with `token`, if any.
  explicit Stage(const server::Config& config, std::string token = {});
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  /// The connections go before what they belong to.
  ~Stage();

  void settle();
  void deliver();
  /// Until everybody has been sent something.
  void flush();
  void publish(std::string channel);
  /// Everybody's next poll, from where the last publication stands.
  void poll();
  /// What the first WebSocket sends: a frame, which is unmasked in place.
  void say(std::string frame) { feed(sockets_.front(), std::move(frame)); }
  /// Of the channel that was published to last.
  const std::string& position() const { return position_; }
  /// Commands that were answered with an error.
  std::uint64_t command_errors() { return shard_->worker().probe().command_errors; }

 private:
  void fill_shared_parts();
  Handle connect();
  static net::PeerAddress loopback();
  void feed(Handle handle, std::string octets);
  std::string authorization() const;
  void add_web_socket();

  const std::string token_;
  net::Reactor reactor_;
  transport::SharedLimits limits_;
  backend::Lookups lookups_;
  server::SharedParts shared_;
  std::unique_ptr<server::Shard> shard_;
  std::vector<Handle> sockets_;
  std::vector<Handle> polls_;
  std::string position_;
};

}  // namespace carillon::bench
