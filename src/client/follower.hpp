// Follows channels for as long as its user likes: over lost links and server restarts, from where
// it has read, so that nothing is lost or given twice, or a gap is told.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "client/backoff.hpp"
#include "client/outgoing.hpp"
#include "client/reader.hpp"
#include "core/time.hpp"
#include "net/reactor.hpp"
#include "protocol/native/position_list.hpp"

namespace carillon::client {

/// Hears a follower, on its reactor's thread; it may stop it in any of these.
class FollowListener {
 public:
  virtual ~FollowListener() = default;
  virtual void on_message(const std::string& channel, const Message& message) = 0;
  virtual void on_ephemeral(const std::string& channel, const Ephemeral& ephemeral) = 0;
  /// Messages may be missing here; what follows the position is contiguous again.
  virtual void on_gap(const std::string& channel, const Position& position) = 0;
  /// Told once: the server leaves messages out for slow readers of some channel, as it is set to.
  virtual void on_not_contiguous() = 0;
  /// The link is over; the next one is tried after `wait`.
  virtual void on_lost(const Failure& failure, Duration wait) = 0;
  /// Trying again would not help. The last call.
  virtual void on_refused(const Failure& failure) = 0;
};

struct FollowOptions {
  ClientOptions client;
  ReadRequest read;
  Transport transport = Transport::WebSocket;
  /// One per channel; where there is none: from now. Empty: from now for all.
  native::PositionList after = {};
  /// Instead of `after`: first the latest so many messages of all channels together.
  std::size_t history = 0;
};

/// Thread:   its reactor's own.
/// Lifetime: reactor and listener outlive it; it must not be destroyed in a callback.
class Follower final : private ReaderListener {
 public:
  Follower(net::Reactor& reactor, FollowOptions options, FollowListener& listener);
  ~Follower() override;

  void start();
  /// Says goodbye to the server; no callback afterwards. Idempotent.
  void stop();

  /// How far each channel has been read; as `FollowOptions::after` again, it goes on from there.
  const native::PositionList& positions() const { return positions_; }

 private:
  void on_message(std::size_t channel, const Message& message) override;
  void on_ephemeral(std::size_t channel, const Ephemeral& ephemeral) override;
  void on_position(std::size_t channel, const Position& position) override;
  void on_gap(std::size_t channel, const Position& position) override;
  void on_not_contiguous() override;
  void on_reader_done() override;
  void on_reader_failed(const Failure& failure) override;

  void connect();
  void connect_after(Duration wait);
  Duration wait_after(const Failure& failure);
  const std::string& name(std::size_t channel) const { return options_.read.channels[channel]; }

  net::Reactor& reactor_;
  FollowOptions options_;
  FollowListener& listener_;
  native::PositionList positions_;
  std::unique_ptr<Reader> reader_;
  Backoff backoff_;
  TimePoint connected_at_;
  net::TimerId next_connect_;
  bool told_not_contiguous_ = false;
  bool stopped_ = false;
};

}  // namespace carillon::client
