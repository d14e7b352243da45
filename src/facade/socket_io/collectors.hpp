// The answers that somebody on this reactor waits for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "carillon/socket_io_emitter.hpp"
#include "core/time.hpp"
#include "net/reactor.hpp"

namespace carillon::facade {

/// Thread: its reactor's.
class SocketIoCollectors {
 public:
  using Done = std::function<void(const socket_io::Replies&)>;

  explicit SocketIoCollectors(net::Reactor& reactor) : reactor_(reactor) {}

  void begin(std::uint64_t number, Done done, std::optional<Duration> time);
  /// So many clients were asked.
  void on_asked(std::uint64_t number, std::size_t count);
  void on_answer(std::uint64_t number, socket_io::Arguments answer);
  /// One of them is gone, or has too many to answer.
  void on_lost(std::uint64_t number);
  void fail(std::uint64_t number, std::string_view error);

 private:
  struct Collector {
    Done done;
    socket_io::Replies replies = {};
    std::optional<std::size_t> asked = {};
    std::size_t lost = 0;
    net::TimerId timer = {};
  };

  void end_if_complete(std::uint64_t number);

  net::Reactor& reactor_;
  std::unordered_map<std::uint64_t, Collector> collectors_;
};

}  // namespace carillon::facade
