// A client's and a server's engine over a wire that cuts everything anywhere.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/unit/protocol/websocket/script.hpp"

namespace carillon::websocket {
namespace {

using script::Lines;

/// One side of a connection: what a transport does with the engine's events.
class Peer {
 public:
  explicit Peer(Role role) : role_(role), receiver_(role, {.max_message_bytes = 1 << 20}) {}

  void send(Opcode opcode, Bytes payload) {
    if (role_ == Role::Server) {
      output.append(server_frame(opcode, payload).view());
    } else {
      const auto part = [&] { return static_cast<std::uint8_t>(masks_() & 0xFF); };
      output.append(client_frame(opcode, payload, {part(), part(), part(), part()}));
    }
  }

  void start_close(CloseCode code, Bytes reason) {
    if (close.send()) send(Opcode::Close, close_payload(code, reason));
  }

  void on_bytes(std::string octets) {
    std::span<char> input(octets);
    while (true) {
      const auto event = receiver_.next(input);
      if (!event) return start_close(close_code_of(event.error()), describe(event.error()));
      if (!*event) return;
      seen.push_back(std::visit(script::Printer{}, **event));
      answer(**event);
    }
  }

  Lines seen;
  std::string output;
  CloseHandshake close;

 private:
  void answer(const Event& event) {
    if (const auto* ping = std::get_if<Ping>(&event)) {
      if (close.open()) send(Opcode::Pong, ping->payload);
    } else if (const auto* closing = std::get_if<Close>(&event)) {
      if (close.receive()) start_close(closing->code, {});
    } else if (const auto* message = std::get_if<Message>(&event)) {
      if (role_ == Role::Server && close.open()) send(message->opcode, message->payload);
    }
  }

  Role role_;
  Receiver receiver_;
  std::minstd_rand masks_{7};
};

/// Carries all that is waiting, in pieces of random sizes, until neither side has more to say.
void exchange(Peer& left, Peer& right, std::minstd_rand& random) {
  const auto carry = [&](Peer& from, Peer& to) {
    std::string octets = std::exchange(from.output, {});
    while (!octets.empty()) {
      const std::size_t size = std::min<std::size_t>(octets.size(), 1 + random() % 40);
      to.on_bytes(octets.substr(0, size));
      octets.erase(0, size);
    }
  };
  while (!left.output.empty() || !right.output.empty()) {
    carry(left, right);
    carry(right, left);
  }
}

TEST(BackToBack, AnEchoGivesEveryMessageBackInOrder) {
  std::minstd_rand random(42);
  Peer client(Role::Client);
  Peer server(Role::Server);
  Lines expected;
  for (int number = 0; number < 300; ++number) {
    const std::string payload(random() % 300, static_cast<char>('a' + number % 26));
    const bool is_text = random() % 2 == 0;
    client.send(is_text ? Opcode::Text : Opcode::Binary, payload);
    expected.push_back((is_text ? "text " : "binary ") + payload);
    if (number % 10 == 0) {
      client.send(Opcode::Ping, std::to_string(number));
      expected.push_back("pong " + std::to_string(number));
    }
    if (number % 7 == 0) exchange(client, server, random);
  }
  exchange(client, server, random);
  EXPECT_EQ(client.seen, expected);
}

TEST(BackToBack, ACloseIsAnsweredOnceWithItsCodeFromEitherSide) {
  std::minstd_rand random(1);
  for (const Role starter : {Role::Client, Role::Server}) {
    Peer first(starter);
    Peer second(starter == Role::Client ? Role::Server : Role::Client);
    first.start_close(static_cast<CloseCode>(4321), "enough");
    exchange(first, second, random);
    EXPECT_EQ(second.seen, Lines{"close 4321 enough"});
    EXPECT_EQ(first.seen, Lines{"close 4321 "});
    EXPECT_EQ(first.close.state(), CloseState::Closed);
    EXPECT_EQ(second.close.state(), CloseState::Closed);
  }
}

TEST(BackToBack, ACloseWithoutACodeIsAnsweredWithoutOne) {
  std::minstd_rand random(1);
  Peer client(Role::Client);
  Peer server(Role::Server);
  client.start_close(CloseCode::NoStatus, {});
  exchange(client, server, random);
  EXPECT_EQ(client.seen, Lines{"close 1005 "});
  EXPECT_EQ(server.close.state(), CloseState::Closed);
}

TEST(BackToBack, BothMayCloseAtOnce) {
  std::minstd_rand random(1);
  Peer client(Role::Client);
  Peer server(Role::Server);
  client.start_close(CloseCode::Normal, "done");
  server.start_close(CloseCode::GoingAway, "moving");
  exchange(client, server, random);
  EXPECT_EQ(client.seen, Lines{"close 1001 moving"});
  EXPECT_EQ(server.seen, Lines{"close 1000 done"});
  EXPECT_EQ(client.close.state(), CloseState::Closed);
  EXPECT_EQ(server.close.state(), CloseState::Closed);
}

TEST(BackToBack, APeerThatBreaksTheRulesIsToldWhy) {
  std::minstd_rand random(1);
  Peer client(Role::Client);
  Peer server(Role::Server);
  client.send(Opcode::Text, "fine");
  client.send(Opcode::Text, "not \xFF fine");
  client.send(Opcode::Text, "ignored");
  exchange(client, server, random);
  EXPECT_EQ(client.seen, (Lines{"text fine", "close 1007 text is not UTF-8"}));
  EXPECT_EQ(server.seen, Lines{"text fine"});
}

}  // namespace
}  // namespace carillon::websocket
