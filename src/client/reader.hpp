// One way to hear channels, from a position to the end of a link: the same face for every
// transport, so that whoever follows a channel can change it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/limits.hpp"
#include "client/message.hpp"
#include "client/outgoing.hpp"
#include "core/bytes.hpp"
#include "core/position.hpp"
#include "net/reactor.hpp"
#include "protocol/native/position_list.hpp"

namespace carillon::client {

enum class Transport : std::uint8_t { WebSocket, Sse, LongPolling, Polling };

/// `ws`, `sse`, `longpoll`, `poll`.
std::optional<Transport> parse_transport(Bytes text);

/// Hears a reader. Channels are named by their place in the request.
class ReaderListener {
 public:
  virtual ~ReaderListener() = default;
  virtual void on_message(std::size_t channel, const Message& message) = 0;
  virtual void on_ephemeral(std::size_t channel, const Ephemeral& ephemeral) = 0;
  /// The channel has been read up to here.
  virtual void on_position(std::size_t channel, const Position& position) = 0;
  /// Continuity was lost; what follows the position is contiguous again.
  virtual void on_gap(std::size_t channel, const Position& position) = 0;
  /// Some channel gives slow readers less than everything, and without a gap.
  virtual void on_not_contiguous() = 0;
  /// The reader has done what it was made for (a page of history), and ends.
  virtual void on_reader_done() = 0;
  /// The link is over. The last call.
  virtual void on_reader_failed(const Failure& failure) = 0;
};

/// Thread:   its reactor's own.
/// Lifetime: reactor, options and listener outlive it; it must not be destroyed in a callback.
class Reader {
 public:
  virtual ~Reader() = default;
  /// Called once. `after` has one position per channel; where there is none: from now.
  virtual void start(native::PositionList after) = 0;
  /// Ends in good order; no callback afterwards.
  virtual void stop() = 0;
};

struct ReadRequest {
  std::vector<std::string> channels;  // at least one, none twice
  Duration poll_interval = limits::kPollInterval;
};

std::unique_ptr<Reader> make_reader(Transport transport, net::Reactor& reactor,
                                    const ClientOptions& options, const ReadRequest& request,
                                    ReaderListener& listener);

/// Gives the latest `count` messages of all channels together, then where the channels stand.
std::unique_ptr<Reader> make_history_reader(std::size_t count, net::Reactor& reactor,
                                            const ClientOptions& options,
                                            const ReadRequest& request, ReaderListener& listener);

/// The place of `channel` in the request; a server that names another one is told so.
std::optional<std::size_t> index_of(const ReadRequest& request, const std::string& channel);

}  // namespace carillon::client
