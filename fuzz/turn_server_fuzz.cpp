// links: carillon_protocol_turn
// A TURN server that hears anything: what it answers and relays is well formed and bounded.
// Input: messages, each behind its length in two octets; the first octet of one says who sends it.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/check.hpp"
#include "protocol/stun/message.hpp"
#include "protocol/stun/octets.hpp"
#include "protocol/turn/server.hpp"

namespace {

using namespace carillon;

class Anyone final : public stun::PasswordBook {
 public:
  std::optional<std::string> password_of(Bytes) const override { return "pw"; }
  std::optional<std::string> username_of(Bytes) const override { return std::nullopt; }
};

class Surroundings final : public turn::Outlet, public turn::Policy {
 public:
  void answer(const turn::Path&, std::string message) override {
    CARILLON_CHECK(stun::Message::parse(message).has_value());
    CARILLON_CHECK(message.size() <= 512);
  }
  void to_client(const turn::Path&, Bytes octets) override { CARILLON_CHECK(octets.size() >= 4); }
  void to_peer(Handle, const stun::TransportAddress&, Bytes, turn::Fragmentation) override {}
  Result<turn::Relay, stun::ErrorCode> open_relay(const turn::Path&, const turn::RelayWish& wish,
                                                  Handle allocation) override {
    last = allocation;
    turn::Relay relay;
    relay.address.family = wish.family;
    return relay;
  }
  void close_relay(Handle) override {}
  bool may_answer(const turn::Path&, TimePoint) override { return true; }
  bool may_relay(Handle, std::size_t) override { return true; }
  bool may_reach(const stun::TransportAddress&) override { return true; }
  bool admit(Bytes, const turn::Path&) override { return true; }
  void release(Bytes, const turn::Path&) override {}

  Handle last;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kHeadBytes = 3;
  Bytes input(reinterpret_cast<const char*>(data), size);
  const Anyone book;
  const stun::Authenticator authenticator("realm", "secret", book);
  Surroundings around;
  turn::Server server(authenticator, around, around, 1);
  TimePoint now{std::chrono::hours(1)};
  while (input.size() >= kHeadBytes) {
    const std::uint8_t who = stun::read_u8(input, 0);
    const std::size_t length =
        std::min<std::size_t>(stun::read_u16(input, 1), input.size() - kHeadBytes);
    const Bytes message = input.substr(kHeadBytes, length);
    input.remove_prefix(kHeadBytes + length);
    now += std::chrono::seconds(who);
    stun::TransportAddress sender;
    sender.port = who % 4;
    if (who < 128) {
      server.on_message({.client = sender, .server = {}}, message, now);
    } else {
      std::string room(turn::kHeadroom, '\0');
      room.append(message).append(turn::kTailroom, '\0');
      server.on_peer_datagram(around.last, sender,
                              {.begin = room.data() + turn::kHeadroom, .size = message.size()},
                              now);
    }
    server.on_time(now);
  }
  return 0;
}
