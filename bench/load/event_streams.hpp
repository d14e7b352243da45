// Several event streams on one HTTP/2 connection, read by nghttp2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "load/client.hpp"
#include "load/event_lines.hpp"
#include "load/loop.hpp"
#include "load/options.hpp"
#include "load/wire.hpp"

struct nghttp2_session;

namespace carillon::bench {

/// Errors and lifetime: as those of `Client`.
class EventStreams final : private Pollable {
 public:
  /// The listener's clients `first` to `first + count - 1`.
  EventStreams(Loop& loop, const Options& options, ClientListener& listener, std::size_t first,
               std::size_t count);
  ~EventStreams() override;
  EventStreams(const EventStreams&) = delete;
  EventStreams& operator=(const EventStreams&) = delete;

 private:
  struct Callbacks;
  struct Delete {
    void operator()(nghttp2_session* session) const;
  };
  struct Reader {
    EventLines lines;
    bool ready = false;
  };

  void on_events(std::uint32_t events) override;
  void begin();
  void receive();
  void flush();
  std::size_t reader_of(std::int32_t stream) const;
  void on_status(std::int32_t stream, std::string_view status) const;
  void on_data(std::int32_t stream, std::string_view octets);
  void hear(std::size_t number, std::string_view line);

  Loop& loop_;
  const Options& options_;
  ClientListener& listener_;
  const std::size_t first_;
  std::vector<Reader> readers_;
  Wire wire_;
  std::unique_ptr<nghttp2_session, Delete> session_;  // once the wire is open
  std::string unsent_;
  bool watches_output_ = true;
};

}  // namespace carillon::bench
