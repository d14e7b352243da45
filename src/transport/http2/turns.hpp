// The moment at the end of a tick in which HTTP/2 connections make frames of what was said on their
// streams: after the hub has delivered, before sockets are written.
#pragma once

#include <string>
#include <vector>

#include "net/reactor.hpp"

namespace carillon::transport {

class Http2Connection;

/// Thread:   its reactor's.
/// Lifetime: outlives the connections.
class Http2Turns final : public net::TickHook {
 public:
  /// It has something to send; once until its turn.
  void add(Http2Connection& connection) { waiting_.push_back(&connection); }
  /// It goes before its turn has come.
  void remove(Http2Connection& connection);
  /// For the octets of one turn.
  std::string& scratch() { return scratch_; }

 private:
  bool on_tick_end() override;

  std::vector<Http2Connection*> waiting_;  // null: gone
  std::string scratch_;
};

}  // namespace carillon::transport
