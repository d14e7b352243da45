// A server that says what a test wants, in the pieces that it wants, on the reactor of the client.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "client/outgoing.hpp"
#include "net/listen_socket.hpp"
#include "net/listener.hpp"
#include "net/reactor.hpp"
#include "protocol/websocket/accept_key.hpp"
#include "protocol/websocket/frame.hpp"
#include "protocol/websocket/receiver.hpp"

namespace carillon::client::test {

/// A test that needs longer has failed; the machine may be slow.
inline constexpr auto kPatience = std::chrono::seconds(60);

template <class Condition>
bool run_until(net::Reactor& reactor, Condition condition) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    reactor.run_once(std::chrono::milliseconds(1));
  }
  return true;
}

/// What is sent in answer to one request, each piece in a tick of its own.
struct Reply {
  std::string octets;
  std::size_t piece_bytes = std::string::npos;
  bool closes = false;
};

inline std::string response(const std::string& status, const std::string& fields,
                            const std::string& body) {
  return "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

inline std::string page(const std::string& position, const std::string& body) {
  return response(
      "200 OK", "Content-Type: application/json\r\nCarillon-Position: " + position + "\r\n", body);
}

inline std::string message(const std::string& channel, int offset, const std::string& data,
                           const std::string& epoch = "e") {
  return R"({"type":"message","channel":")" + channel + R"(","offset":)" + std::to_string(offset) +
         R"(,"epoch":")" + epoch + R"(","timestamp":1.000,"data":)" + data + "}";
}

inline std::string frame(const std::string& text,
                         websocket::Opcode opcode = websocket::Opcode::Text) {
  return std::string(websocket::server_frame(opcode, text).view());
}

class FakeServer {
 public:
  /// `request` is the head and what of the body has come with it.
  using Answer = std::function<Reply(const std::string& request)>;
  /// Frames in answer to a text or, with an empty one, to the handshake.
  using Talk = std::function<std::string(const std::string& text)>;

  FakeServer(net::Reactor& reactor, Answer answer) : reactor_(reactor), answer_(std::move(answer)) {
    auto sets = net::listen_on("127.0.0.1:0", 1).value();
    listener_ = std::make_unique<net::Listener>(
        reactor_, sets.front().per_reactor.front(),
        [this](net::Reactor& where, net::UniqueFd&& socket, const net::PeerAddress& peer) {
          ++connections;
          where.adopt(std::move(socket), peer, [this](net::Stream& stream) {
            return std::make_unique<Handler>(*this, stream);
          });
          return net::Reception::Taken;
        });
    options.server = ServerUrl::parse("http://" + listener_->address().to_text() + "/base").value();
  }

  /// Answers handshakes and then talks.
  void talk(Talk talk, std::size_t piece_bytes = std::string::npos) {
    talk_ = std::move(talk);
    piece_bytes_ = piece_bytes;
  }
  /// Ends every connection.
  void cut() {
    for (const Handle handle : std::exchange(streams_, {})) {
      if (net::Stream* stream = reactor_.find(handle)) stream->close();
    }
  }

  ClientOptions options;
  int connections = 0;
  std::vector<std::string> requests;  // first lines
  std::vector<std::string> heads;
  std::vector<std::string> texts;  // of WebSocket messages
  std::size_t pings = 0;
  bool got_close = false;

 private:
  class Handler final : public net::StreamHandler {
   public:
    Handler(FakeServer& server, net::Stream& stream) : server_(server), stream_(stream) {}

    void on_bytes(std::span<char> received) override {
      if (is_socket_) return read_frames(received);
      head_.append(received.data(), received.size());
      if (head_.find("\r\n\r\n") == std::string::npos) return;
      const std::string head = std::exchange(head_, {});
      server_.requests.push_back(head.substr(0, head.find("\r\n")));
      server_.heads.push_back(head);
      server_.streams_.push_back(stream_.handle());
      if (server_.talk_) return begin_to_talk(head);
      const Reply reply = server_.answer_(head);
      server_.send(stream_.handle(), reply.octets, reply.piece_bytes, reply.closes);
    }
    void on_end_of_input() override { stream_.close(); }
    void on_drained() override {}
    void on_deadline() override {}
    void on_closed(net::CloseCause) override {}

   private:
    void begin_to_talk(const std::string& head) {
      is_socket_ = true;
      const std::string field = "Sec-WebSocket-Key: ";
      const std::size_t at = head.find(field) + field.size();
      const std::string key = head.substr(at, head.find("\r\n", at) - at);
      say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Accept: " +
          websocket::accept_key(key) + "\r\n\r\n" + server_.talk_(""));
    }
    void read_frames(std::span<char> input) {
      while (true) {
        auto event = receiver_.next(input);
        if (!event || !*event) return;
        if (const auto* text = std::get_if<websocket::Message>(&**event)) {
          server_.texts.emplace_back(text->payload);
          say(server_.talk_(server_.texts.back()));
        }
        if (std::holds_alternative<websocket::Ping>(**event)) ++server_.pings;
        if (std::holds_alternative<websocket::Close>(**event)) server_.got_close = true;
      }
    }
    void say(const std::string& octets) {
      server_.send(stream_.handle(), octets, server_.piece_bytes_, false);
    }

    FakeServer& server_;
    net::Stream& stream_;
    std::string head_;
    bool is_socket_ = false;
    websocket::Receiver receiver_{websocket::Role::Server};
  };

  /// What is sent while pieces of something else are on their way waits behind them.
  void send(Handle handle, const std::string& octets, std::size_t piece_bytes, bool closes) {
    std::string& waiting = waiting_[handle];
    const bool is_first = waiting.empty();
    waiting += octets;
    if (is_first) send_piece(handle, piece_bytes, closes);
  }

  void send_piece(Handle handle, std::size_t piece_bytes, bool closes) {
    net::Stream* stream = reactor_.find(handle);
    if (stream == nullptr) return;
    std::string& waiting = waiting_[handle];
    stream->send(Bytes(waiting).substr(0, piece_bytes));
    waiting.erase(0, piece_bytes);
    if (waiting.empty()) {
      if (closes) stream->close();
      return;
    }
    reactor_.defer(
        [this, handle, piece_bytes, closes] { send_piece(handle, piece_bytes, closes); });
  }

  net::Reactor& reactor_;
  Answer answer_;
  Talk talk_;
  std::size_t piece_bytes_ = std::string::npos;
  std::vector<Handle> streams_;
  std::unordered_map<Handle, std::string> waiting_;  // to be sent
  std::unique_ptr<net::Listener> listener_;
};

}  // namespace carillon::client::test
