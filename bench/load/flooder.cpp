#include "load/flooder.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "load/client.hpp"
#include "load/http_wire.hpp"
#include "load/websocket_wire.hpp"

namespace carillon::bench {
namespace {

constexpr std::size_t kFramesPerBlock = 256;
constexpr std::size_t kReceiveBytes = 64 * 1024;
constexpr std::uint32_t kOwnAddress = 0x7F000101;  // 127.0.1.1
constexpr std::uint32_t kServerAddress = 0x7F000001;
constexpr std::string_view kToldCode = "rate_limited";
constexpr std::string_view kGoodbye = R"("type":"closing")";

sockaddr_in address_of(std::uint32_t ip, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(ip);
  return address;
}

std::uint64_t occurrences(std::string_view text, std::string_view what) {
  std::uint64_t count = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos;
       at = text.find(what, at + what.size())) {
    ++count;
  }
  return count;
}

std::string block_of(const Options& options) {
  std::string text = with_channel(options.dialect.publish, "flood");
  replace_all(text, "{payload}", std::string(options.payload_bytes, 'x'));
  std::string block;
  for (std::size_t i = 0; i < kFramesPerBlock; ++i) append_client_frame(block, kTextFrame, text);
  return block;
}

}  // namespace

Flooder::Flooder(Loop& loop, const Options& options)
    : loop_(loop),
      options_(options),
      request_("GET " + options.dialect.publish_path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" +
               upgrade_fields() + "\r\n"),
      block_(block_of(options)) {
  connect();
}

Flooder::~Flooder() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

void Flooder::connect() {
  floods_ = false;
  unsent_ = request_;
  socket_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket_) throw WireError("flooder: there is no socket for it");
  const sockaddr_in from = address_of(kOwnAddress, 0);
  const sockaddr_in to = address_of(kServerAddress, options_.port);
  ::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&from), sizeof from);
  ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to);
  loop_.add(socket_.get(), EPOLLIN | EPOLLOUT, *this);
}

void Flooder::come_back() {
  if (floods_) ++cut_;
  connect();
}

void Flooder::on_events(std::uint32_t events) {
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) return receive();
  if ((events & EPOLLOUT) != 0) flush();
}

/// What it is told may be torn between two receives: then one time is not counted.
void Flooder::receive() {
  static std::array<char, kReceiveBytes> buffer;
  const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (count < 0 && errno == EAGAIN) return;
  if (count <= 0) return come_back();
  const std::string_view received(buffer.data(), static_cast<std::size_t>(count));
  told_ += occurrences(received, kToldCode);
  // What comes then is not read any more, until the server gives up waiting for an answer to it.
  if (received.find(kGoodbye) != std::string_view::npos) return come_back();
  if (!floods_ && received.starts_with("HTTP/1.1 101")) floods_ = true;
  flush();
}

void Flooder::flush() {
  if (unsent_.empty() && !floods_) return;
  if (unsent_.empty()) unsent_ = block_;
  const ssize_t sent =
      ::send(socket_.get(), unsent_.data(), unsent_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent > 0) unsent_.remove_prefix(static_cast<std::size_t>(sent));
  if (sent < 0 && errno != EAGAIN) come_back();
}

}  // namespace carillon::bench
