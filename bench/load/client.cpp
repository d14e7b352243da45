#include "load/client.hpp"

#include <sys/epoll.h>

#include <array>

#include "load/socketio_wire.hpp"
#include "load/websocket_wire.hpp"

namespace carillon::bench {
namespace {

constexpr std::size_t kReceiveBytes = 256 * 1024;

}  // namespace

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
}

std::string with_channel(std::string text, const std::string& channel) {
  replace_all(text, "{channel}", channel);
  return text;
}

Client::Client(Loop& loop, const Options& options, ClientListener& listener, Role role,
               std::size_t index)
    : loop_(loop),
      options_(options),
      listener_(listener),
      role_(role),
      index_(index),
      wire_(role == Role::Publisher ? "publisher" : "connection " + std::to_string(index), index,
            options.port, options.security) {
  loop_.add(wire_.fd(), EPOLLIN | EPOLLOUT, *this);
}

bool Client::is_websocket() const {
  const Transport transport = options_.dialect.transport;
  return role_ == Role::Publisher || transport == Transport::WebSocket ||
         transport == Transport::SocketIo;
}

bool Client::is_socketio() const {
  const Transport transport = options_.dialect.transport;
  return transport == Transport::SocketIo || transport == Transport::SocketIoPolling;
}

// --- Opening ----------------------------------------------------------------------------------

void Client::send_request() {
  stage_ = Stage::Head;
  unsent_ += payload_.empty() ? request_text() : post_text();
  flush();
  // A poll that asks from the beginning misses nothing, whenever the server gets to read it.
  const Dialect& dialect = options_.dialect;
  const bool is_poll = !is_websocket() && dialect.transport == Transport::LongPoll;
  if (is_poll && dialect.first_path.empty()) become_ready();
}

/// A line with a field that no response has had yet is left out, and so is such a query.
std::string Client::request_text() const {
  const Dialect& dialect = options_.dialect;
  std::string path = role_ == Role::Publisher                 ? dialect.publish_path
                     : !ready_ && !dialect.first_path.empty() ? dialect.first_path
                                                              : dialect.path;
  if (!session_.empty()) path += "&sid=" + session_;
  std::string text = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  if (is_websocket()) text += upgrade_fields();
  for (const std::string& field : dialect.fields) {
    std::string line = field;
    for (const auto& [name, value] : head_.fields) replace_all(line, "{" + name + "}", value);
    if (line.find('{') == std::string::npos) text += line + "\r\n";
  }
  for (const auto& [name, value] : head_.fields) replace_all(text, "{" + name + "}", value);
  return with_channel(text + "\r\n", options_.channel);
}

std::string Client::post_text() const {
  return "POST " + options_.dialect.path + "&sid=" + session_ +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain;charset=UTF-8\r\n"
         "Content-Length: " +
         std::to_string(payload_.size()) + "\r\n\r\n" + payload_;
}

void Client::become_ready() {
  if (ready_) return;
  ready_ = true;
  listener_.on_ready(index_);
}

// --- Input ------------------------------------------------------------------------------------

void Client::on_events(std::uint32_t events) {
  if (stage_ == Stage::Connecting) {
    if (wire_.open()) send_request();
    return;
  }
  if ((events & EPOLLOUT) != 0) flush();
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) receive();
}

void Client::receive() {
  static std::array<char, kReceiveBytes> buffer;
  const std::string_view received(buffer.data(), wire_.receive(buffer));
  if (!pending_.empty()) pending_ += received;
  std::string_view input = pending_.empty() ? received : std::string_view(pending_);
  while (!input.empty() && step(input)) {
  }
  std::string rest(input);
  pending_.swap(rest);
}

bool Client::step(std::string_view& input) {
  if (stage_ != Stage::Open) return take_response_head(input);
  if (is_websocket()) return take_websocket_frame(input);
  take_body(input);
  return stage_ == Stage::Head;
}

bool Client::take_response_head(std::string_view& input) {
  auto head = take_head(input);
  if (!head) return false;
  const int expected = is_websocket() ? 101 : 200;
  if (head->status != expected) {
    wire_.fail("answered " + std::to_string(head->status) + ": " +
               std::string(input.substr(0, 300)));
  }
  head_ = std::move(*head);
  stage_ = Stage::Open;
  if (is_socketio()) {
    if (!is_websocket()) body_.emplace(head_);
    return true;  // it is the server who begins
  }
  if (is_websocket()) {
    if (role_ == Role::Publisher) {
      become_ready();
      return true;
    }
    const Dialect& dialect = options_.dialect;
    if (!dialect.subscribe.empty()) send_text(with_channel(dialect.subscribe, options_.channel));
  } else {
    body_.emplace(head_);
  }
  const bool is_poll = options_.dialect.transport == Transport::LongPoll;
  if (options_.dialect.ready.empty() && !is_poll) become_ready();
  return true;
}

bool Client::take_websocket_frame(std::string_view& input) {
  const auto frame = take_frame(input);
  if (!frame) return false;
  if (frame->opcode == kTextFrame || frame->opcode == kBinaryFrame) {
    is_socketio() ? on_packet(frame->payload) : hear(frame->payload);
  } else if (frame->opcode == kPingFrame) {
    append_client_frame(unsent_, kPongFrame, frame->payload);
    flush();
  } else if (frame->opcode == kCloseFrame) {
    wire_.fail("closed by the server");
  }
  return true;
}

void Client::take_body(std::string_view& input) {
  if (options_.dialect.transport == Transport::Events) {
    body_->read(input, lines_.text());
    return lines_.take([this](std::string_view line) {
      if (!ready_ || line.starts_with("data:")) hear(line);
    });
  }
  body_->read(input, text_);
  if (body_->is_complete()) is_socketio() ? on_payload() : on_poll_answered();
}

/// The next request goes out before anything else is done: so a reader of polls behaves.
void Client::on_poll_answered() {
  const std::string text = std::exchange(text_, {});
  const bool was_first = !ready_;
  ready_ = true;
  send_request();
  if (was_first) listener_.on_ready(index_);
  listener_.on_text(index_, text);
}

/// What is to be answered goes before the next poll, and whatever it is told after that.
void Client::on_payload() {
  const std::string text = std::exchange(text_, {});
  if (session_.empty()) session_ = session_of(text);
  const Dialect& dialect = options_.dialect;
  payload_ = answers_to(text, with_channel(dialect.subscribe, options_.channel));
  send_request();
  payload_.clear();
  hear(text);
}

void Client::on_packet(std::string_view packet) {
  const bool is_publisher = role_ == Role::Publisher;
  const std::string greeting =
      ready_ || is_publisher ? "" : with_channel(options_.dialect.subscribe, options_.channel);
  const std::string_view answer = answer_to(packet, greeting);
  if (!answer.empty()) send_text(answer);
  if (is_publisher && is_connected(packet)) return become_ready();
  hear(packet);
}

void Client::hear(std::string_view text) {
  if (ready_) {
    if (role_ == Role::Subscriber) listener_.on_text(index_, text);
  } else if (role_ == Role::Subscriber &&
             text.find(options_.dialect.ready) != std::string_view::npos) {
    become_ready();
  }
}

// --- Output -----------------------------------------------------------------------------------

void Client::send_text(std::string_view text, When when) {
  append_client_frame(unsent_, kTextFrame, text);
  if (when == When::Now) flush();
}

void Client::flush() {
  if (!unsent_.empty()) {
    unsent_.erase(0, wire_.send(unsent_));
  }
  const bool wants_output = !unsent_.empty();
  if (wants_output == watches_output_) return;
  watches_output_ = wants_output;
  loop_.change(wire_.fd(), wants_output ? EPOLLIN | EPOLLOUT : EPOLLIN, *this);
}

}  // namespace carillon::bench
