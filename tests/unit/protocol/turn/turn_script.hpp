// A TURN server among hand-written surroundings, and a client that knows the password.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/stun/address_coding.hpp"
#include "protocol/stun/authenticator.hpp"
#include "protocol/stun/message_writer.hpp"
#include "protocol/turn/channel_data.hpp"
#include "protocol/turn/credentials.hpp"
#include "protocol/turn/server.hpp"

namespace carillon::turn::testing {

using stun::AttributeType;
using stun::ErrorCode;
using stun::Message;
using stun::MessageClass;
using stun::Method;

inline stun::TransportAddress v4(std::uint8_t last, std::uint16_t port) {
  return {.ip = {192, 0, 2, last}, .port = port, .family = stun::Family::Ipv4};
}

inline stun::TransportAddress v6(std::uint8_t last, std::uint16_t port) {
  stun::TransportAddress address{
      .ip = {0x20, 0x01, 0x0d, 0xb8}, .port = port, .family = stun::Family::Ipv6};
  address.ip[15] = last;
  return address;
}

/// Keeps what went out.
class Surroundings final : public Outlet, public Policy {
 public:
  struct ToPeer {
    Handle relay;
    stun::TransportAddress peer;
    std::string payload;
    Fragmentation fragmentation;
  };

  void answer(const Path&, std::string message) override { answers.push_back(std::move(message)); }
  void to_client(const Path& path, Bytes octets) override {
    data.emplace_back(path, std::string(octets));
  }
  void to_peer(Handle relay, const stun::TransportAddress& peer, Bytes payload,
               Fragmentation fragmentation) override {
    sent.push_back({relay, peer, std::string(payload), fragmentation});
  }
  Result<Relay, ErrorCode> open_relay(const Path&, const RelayWish& wish,
                                      Handle allocation) override {
    if (refusal) return std::unexpected(*refusal);
    last_wish = wish;
    last_allocation = allocation;
    ++open_relays;
    const Relay relay{
        .id = {.slot = open_relays, .generation = 1},
        .address = wish.family == stun::Family::Ipv4 ? v4(250, 50'000) : v6(250, 50'000),
        .next = {}};
    return relay;
  }
  void close_relay(Handle) override { --open_relays; }

  bool may_answer(const Path&, TimePoint) override { return answers_strangers; }
  bool may_relay(Handle, std::size_t bytes) override { return bytes <= bandwidth; }
  bool may_reach(const stun::TransportAddress& peer) override { return peer.ip[3] != 66; }
  bool admit(Bytes, const Path&) override {
    if (admitted >= quota) return false;
    ++admitted;
    return true;
  }
  void release(Bytes, const Path&) override { --admitted; }

  std::vector<std::string> answers;
  std::vector<std::pair<Path, std::string>> data;
  std::vector<ToPeer> sent;
  std::optional<ErrorCode> refusal;
  RelayWish last_wish;
  Handle last_allocation;
  std::uint32_t open_relays = 0;
  bool answers_strangers = true;
  std::size_t bandwidth = 1'000'000;  // octets of one datagram
  std::size_t admitted = 0;
  std::size_t quota = 1'000'000;
};

/// Requests of one user, sealed; each with a transaction id of its own.
class TurnScript : public ::testing::Test {
 protected:
  using Attributes = std::function<void(stun::MessageWriter&)>;
  static constexpr TimePoint kStart{std::chrono::hours(3)};

  /// The answer to a request of that path; empty: silence.
  std::optional<std::string> ask(Method method, const Attributes& add = {},
                                 const std::string& user = "alice") {
    return send(request(method, add, user));
  }
  std::optional<std::string> send(const std::string& octets) {
    around_.answers.clear();
    server_.on_message(path_, octets, now_);
    if (around_.answers.empty()) return std::nullopt;
    return around_.answers.back();
  }

  std::string request(Method method, const Attributes& add = {},
                      const std::string& user = "alice") {
    stun::MessageWriter writer(method, MessageClass::Request, next_id());
    if (add) add(writer);
    writer.add(AttributeType::Username, user);
    writer.add(AttributeType::Realm, "realm");
    writer.add(AttributeType::Nonce, nonce());
    writer.add_integrity(stun::long_term_key(
        stun::PasswordAlgorithm::Md5, {.username = user, .realm = "realm", .password = "pw"}));
    return std::move(writer).take();
  }

  std::string nonce() {
    stun::MessageWriter writer(Method::Allocate, MessageClass::Error, next_id());
    authenticator_.challenge(writer, path_.client, now_);
    return std::string(Message::parse(writer.octets())->find(AttributeType::Nonce).value());
  }

  std::string next_id() {
    std::string id = std::to_string(++requests_);
    id.insert(0, 12 - id.size(), '0');
    return id;
  }

  static void add_udp(stun::MessageWriter& writer) {
    writer.add_u32(AttributeType::RequestedTransport, 17U << 24);
  }
  void allocate() { expect_success(ask(Method::Allocate, add_udp)); }
  static Attributes peers(std::initializer_list<stun::TransportAddress> addresses) {
    return [addresses = std::vector(addresses)](stun::MessageWriter& writer) {
      for (const auto& each : addresses) {
        writer.add_xor_address(AttributeType::XorPeerAddress, each);
      }
    };
  }
  static Attributes channel(std::uint32_t number, const stun::TransportAddress& peer) {
    return [number, peer](stun::MessageWriter& writer) {
      writer.add_u32(AttributeType::ChannelNumber, number << 16);
      writer.add_xor_address(AttributeType::XorPeerAddress, peer);
    };
  }
  static Attributes lifetime(std::uint32_t seconds) {
    return [seconds](stun::MessageWriter& writer) {
      writer.add_u32(AttributeType::Lifetime, seconds);
    };
  }

  static void expect_success(const std::optional<std::string>& answer) {
    ASSERT_TRUE(answer);
    const auto message = Message::parse(*answer);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->message_class(), MessageClass::Success)
        << (message->has(AttributeType::ErrorCode) ? error_of(*answer) : 0);
  }
  /// The code of an answer; 0: a success.
  static int error_of(const std::optional<std::string>& answer) {
    if (!answer) return -1;
    const auto value = Message::parse(*answer)->find(AttributeType::ErrorCode);
    return value ? (*value)[2] * 100 + (*value)[3] : 0;
  }
  static std::uint32_t lifetime_of(const std::optional<std::string>& answer) {
    return stun::read_u32(Message::parse(answer.value())->find(AttributeType::Lifetime).value(), 0);
  }

  void send_channel_data(std::uint16_t number, const std::string& payload) {
    std::string frame(kChannelHeadBytes, '\0');
    write_channel_head(frame.data(), number, payload.size());
    server_.on_message(path_, frame + payload, now_);
  }
  void send_indication(const stun::TransportAddress& peer, const std::string& payload,
                       const Attributes& add = {}) {
    stun::MessageWriter writer(Method::Send, MessageClass::Indication, next_id());
    writer.add_xor_address(AttributeType::XorPeerAddress, peer);
    writer.add(AttributeType::Data, payload);
    if (add) add(writer);
    server_.on_message(path_, writer.octets(), now_);
  }
  /// As if it had come to the relayed address.
  void receive(const stun::TransportAddress& peer, const std::string& payload) {
    std::string room(kHeadroom, '#');
    room += payload;
    room.append(kTailroom, '#');
    server_.on_peer_datagram(around_.last_allocation, peer,
                             {.begin = room.data() + kHeadroom, .size = payload.size()}, now_);
  }

  Surroundings around_;
  Credentials credentials_{
      "realm", {{"alice", "pw"}, {"bob", "pw"}}, "", [] { return Timestamp{}; }};
  stun::Authenticator authenticator_{"realm", std::string(32, 's'), credentials_};
  Server server_{authenticator_, around_, around_, 7};
  Path path_{.client = v4(1, 1111), .server = v4(254, 3478)};
  TimePoint now_ = kStart;
  int requests_ = 0;
};

}  // namespace carillon::turn::testing
