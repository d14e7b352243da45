#include "guard/stage.hpp"

#include <sys/eventfd.h>
#include <sys/socket.h>

#include <span>
#include <string_view>
#include <utility>

#include "core/check.hpp"
#include "protocol/websocket/frame.hpp"
#include "server/settings.hpp"
#include "transport/common/publication_json.hpp"
#include "transport/http1/connection.hpp"
#include "transport/longpoll/long_poll.hpp"
#include "transport/websocket/upgrade.hpp"

namespace carillon::bench {
namespace {

constexpr auto kNoWait = Duration::zero();

/// A kernel that takes everything at once and has nothing to say.
class SilentKernel final : public net::IoBatch {
 public:
  void send_many(std::span<net::SendOp> operations) override {
    for (net::SendOp& each : operations) {
      each.result = 0;
      for (const iovec& piece : each.pieces) each.result += static_cast<ssize_t>(piece.iov_len);
    }
  }
  void recv_many(std::span<net::RecvOp> operations) override {
    for (net::RecvOp& each : operations) each.result = -EAGAIN;
  }
  void send_datagrams(std::span<net::DatagramSendOp> operations) override {
    for (net::DatagramSendOp& each : operations) each.result = -EAGAIN;
  }
  void recv_datagrams(std::span<net::DatagramRecvOp> operations) override {
    for (net::DatagramRecvOp& each : operations) each.result = -EAGAIN;
  }
  std::string_view name() const override { return "silent"; }
  std::uint64_t system_calls() const override { return 0; }
};

}  // namespace

Stage::Stage(const server::Config& config, std::string token)
    : token_(std::move(token)),
      reactor_({.make_io_batch = [] { return std::make_unique<SilentKernel>(); }}),
      shared_{.limits = limits_,
              .budget = cluster::SharedBudget(cluster::BudgetLimits{}),
              .live = server::live_settings(config, std::string(32, 's'), {}),
              .lookups = lookups_} {
  fill_shared_parts();
  shard_ = std::make_unique<server::Shard>(reactor_, shared_);
  for (std::size_t index = 0; index < kSubscribers; ++index) {
    add_web_socket();
    polls_.push_back(connect());
  }
  settle();
  CARILLON_CHECK(command_errors() == 0);
}

Stage::~Stage() {
  reactor_.stop();
  reactor_.run();
}

void Stage::settle() {
  for (int tick = 0; tick < 8; ++tick) reactor_.run_once(kNoWait);
}

void Stage::deliver() {
  while (shard_->hub().deliver()) {
  }
}

void Stage::flush() {
  const std::uint64_t before = reactor_.probe().sends;
  while (reactor_.probe().sends < before + kSubscribers) reactor_.run_once(kNoWait);
}

void Stage::publish(std::string channel) {
  shard_->hub().publish(
      {.draft = {.channel = std::move(channel), .data = std::string(128, '7')}, .dedupe = {}},
      [this](auto receipt) {
        CARILLON_CHECK(receipt.has_value());
        position_ = to_text(receipt->position);
      });
}

void Stage::poll() {
  const std::string request =
      "GET /api/messages/subscribe?channel=polled&timeout=60&after=" + position_ +
      " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + authorization() + "\r\n";
  for (const Handle handle : polls_) feed(handle, request);
}

std::string Stage::authorization() const {
  return token_.empty() ? std::string{} : "Authorization: Bearer " + token_ + "\r\n";
}

void Stage::fill_shared_parts() {
  shared_.make_places();
  shared_.origin = cluster::Origin::random(Timestamp{1});
  transport::add_long_poll_routes(shared_.router);
  transport::add_websocket_routes(shared_.router);
}

Handle Stage::connect() {
  const net::HandlerFactory make_connection = [this](net::Stream& stream) {
    return std::make_unique<transport::Http1Connection>(shard_->worker(), stream);
  };
  const Handle handle =
      reactor_.adopt(net::UniqueFd(::eventfd(0, EFD_NONBLOCK)), loopback(), make_connection);
  CARILLON_CHECK(static_cast<bool>(handle));
  return handle;
}

net::PeerAddress Stage::loopback() {
  sockaddr_storage storage{};
  const socklen_t size = net::resolve("127.0.0.1:1").value().front().to_socket(storage);
  return net::PeerAddress::from(reinterpret_cast<const sockaddr*>(&storage), size);
}

void Stage::feed(Handle handle, std::string octets) {
  reactor_.find(handle)->handler().on_bytes(octets);
}

void Stage::add_web_socket() {
  const Handle handle = connect();
  sockets_.push_back(handle);
  feed(handle,
       "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
           authorization() +
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  feed(handle, websocket::client_frame(websocket::Opcode::Text,
                                       R"({"type":"subscribe","channel":"hot"})", {1, 2, 3, 4}));
  reactor_.run_once(kNoWait);
}

}  // namespace carillon::bench
