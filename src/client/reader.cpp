#include "client/reader.hpp"

#include <algorithm>

#include "client/poll_reader.hpp"
#include "client/sse_reader.hpp"
#include "client/websocket_reader.hpp"

namespace carillon::client {

std::optional<Transport> parse_transport(Bytes text) {
  if (text == "ws") return Transport::WebSocket;
  if (text == "sse") return Transport::Sse;
  if (text == "longpoll") return Transport::LongPolling;
  if (text == "poll") return Transport::Polling;
  return std::nullopt;
}

std::unique_ptr<Reader> make_reader(Transport transport, net::Reactor& reactor,
                                    const ClientOptions& options, const ReadRequest& request,
                                    ReaderListener& listener) {
  switch (transport) {
    case Transport::WebSocket:
      return std::make_unique<WebSocketReader>(reactor, options, request, listener);
    case Transport::Sse:
      return std::make_unique<SseReader>(reactor, options, request, listener);
    case Transport::LongPolling:
      return std::make_unique<PollReader>(reactor, options, request, PollReader::Mode::Long,
                                          listener);
    case Transport::Polling:
      break;
  }
  return std::make_unique<PollReader>(reactor, options, request, PollReader::Mode::Short, listener);
}

std::unique_ptr<Reader> make_history_reader(std::size_t count, net::Reactor& reactor,
                                            const ClientOptions& options,
                                            const ReadRequest& request, ReaderListener& listener) {
  return std::make_unique<PollReader>(reactor, options, request, PollReader::Mode::Latest, listener,
                                      count);
}

std::optional<std::size_t> index_of(const ReadRequest& request, const std::string& channel) {
  const auto found = std::ranges::find(request.channels, channel);
  if (found == request.channels.end()) return std::nullopt;
  return static_cast<std::size_t>(found - request.channels.begin());
}

}  // namespace carillon::client
