// One client that publishes as fast as the server takes it, whatever it is told, and comes back at
// once when it is cut.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "load/loop.hpp"
#include "load/options.hpp"
#include "net/unique_fd.hpp"

namespace carillon::bench {

/// It comes from an address of its own, so that a server may take the others for friends.
/// Lifetime: loop and options outlive it. It does not move.
class Flooder final : private Pollable {
 public:
  Flooder(Loop& loop, const Options& options);
  ~Flooder() override;
  Flooder(const Flooder&) = delete;
  Flooder& operator=(const Flooder&) = delete;

  /// How often it was told that it is over a rate, and how often its connection was ended.
  std::uint64_t told_count() const { return told_; }
  std::uint64_t cut_count() const { return cut_; }

 private:
  void on_events(std::uint32_t events) override;
  void connect();
  void come_back();
  void receive();
  void flush();

  Loop& loop_;
  const Options& options_;
  const std::string request_;
  std::string block_;  // frames, again and again
  std::string_view unsent_;
  net::UniqueFd socket_;
  bool floods_ = false;  // the handshake is done
  std::uint64_t told_ = 0;
  std::uint64_t cut_ = 0;
};

}  // namespace carillon::bench
