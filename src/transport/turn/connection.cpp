#include "transport/turn/connection.hpp"

#include "protocol/turn/channel_data.hpp"
#include "protocol/turn/frame.hpp"
#include "protocol/turn/limits.hpp"
#include "transport/turn/address.hpp"
#include "transport/turn/limits.hpp"

namespace carillon::transport {

TurnConnection::TurnConnection(TurnService& service, net::Stream& stream)
    : service_(service),
      stream_(stream),
      path_{.client = to_transport_address(stream.peer()),
            .server = to_transport_address(stream.local()),
            .protocol = turn::Protocol::Tcp,
            .link = link_of(stream.handle())} {
  service_.opened_connection();
  expect_allocation();
}

TurnConnection::~TurnConnection() {
  service_.closed_connection(path_);
}

void TurnConnection::expect_allocation() {
  stream_.set_deadline(stream_.reactor().now() + limits::kIdleClientTime);
}

void TurnConnection::on_bytes(std::span<char> received) {
  const Bytes octets(received.data(), received.size());
  if (waiting_.empty()) {
    waiting_ = octets.substr(read_frames(octets));
  } else {
    waiting_ += octets;
    waiting_.erase(0, read_frames(waiting_));
  }
  if (waiting_.empty()) waiting_ = std::string();  // an idle connection holds no buffer
}

/// Returns the octets that were used: all, where the connection is at its end.
std::size_t TurnConnection::read_frames(Bytes octets) {
  std::size_t used = 0;
  while (stream_.open()) {
    const Bytes rest = octets.substr(used);
    const auto frame = turn::next_frame(rest);
    // Without an allocation there are no channels: it is a request of HTTP, or the like.
    const bool is_lost = turn::looks_like_channel_data(rest) && !service_.has_allocation(path_);
    if (!frame || is_lost) {
      stream_.close();
      break;
    }
    const bool is_too_long = rest.size() > turn::limits::kRequestBytes;
    if (!*frame && is_too_long && !service_.has_allocation(path_)) {
      stream_.close();
      break;
    }
    if (!*frame) {
      service_.flush();
      return used;
    }
    service_.on_message(path_, (*frame)->message);
    used += (*frame)->stream_bytes;
  }
  service_.flush();
  return octets.size();
}

void TurnConnection::on_end_of_input() {
  stream_.close();
}

void TurnConnection::on_deadline() {
  if (!service_.has_allocation(path_)) return stream_.close();
  expect_allocation();
}

void TurnConnection::on_closed(net::CloseCause /*cause*/) {}

}  // namespace carillon::transport
