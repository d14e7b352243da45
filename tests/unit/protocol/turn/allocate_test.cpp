// Allocations: who gets one, and how long it lasts.
#include <chrono>
#include <string>

#include "protocol/stun/limits.hpp"
#include "tests/unit/protocol/turn/turn_script.hpp"

namespace carillon::turn {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using namespace testing;  // NOLINT: the script's words

class TurnAllocate : public TurnScript {};

TEST_F(TurnAllocate, TellsWhereRelayedAndSeen) {
  const auto answer = ask(Method::Allocate, add_udp);
  expect_success(answer);
  const auto message = Message::parse(*answer).value();
  const auto address = [&](AttributeType type) {
    return stun::read_xor_address(message.find(type).value(), message.transaction_id());
  };
  EXPECT_EQ(address(AttributeType::XorRelayedAddress), v4(250, 50'000));
  EXPECT_EQ(address(AttributeType::XorMappedAddress), path_.client);
  EXPECT_EQ(lifetime_of(answer), 600U);
  EXPECT_TRUE(message.has(AttributeType::MessageIntegrity));
  EXPECT_FALSE(message.has(AttributeType::Software));
  EXPECT_EQ(server_.allocation_count(), 1U);
}

TEST_F(TurnAllocate, AsksStrangersForAPassword) {
  stun::MessageWriter bare(Method::Allocate, MessageClass::Request, next_id());
  add_udp(bare);
  const auto answer = send(std::string(bare.octets()));
  EXPECT_EQ(error_of(answer), 401);
  EXPECT_LE(answer->size(), stun::limits::kStrangerAnswerBytes);
  const auto message = Message::parse(*answer).value();
  EXPECT_TRUE(message.has(AttributeType::Nonce));
  EXPECT_FALSE(message.has_integrity());
  around_.answers_strangers = false;
  EXPECT_EQ(send(std::string(bare.octets())), std::nullopt);
  EXPECT_EQ(server_.allocation_count(), 0U);
}

TEST_F(TurnAllocate, AnswersARequestThatComesAgainAsBefore) {
  const std::string request_octets = request(Method::Allocate, add_udp);
  const auto first = send(request_octets);
  expect_success(first);
  EXPECT_EQ(send(request_octets), first);
  EXPECT_EQ(around_.open_relays, 1U);
  EXPECT_EQ(error_of(ask(Method::Allocate, add_udp)), 437);
}

TEST_F(TurnAllocate, RefusesWhatItCannotGive) {
  EXPECT_EQ(error_of(ask(Method::Allocate)), 400);
  EXPECT_EQ(error_of(ask(
                Method::Allocate,
                [](auto& writer) { writer.add_u32(AttributeType::RequestedTransport, 6U << 24); })),
            442);
  EXPECT_EQ(error_of(ask(Method::Allocate,
                         [](auto& writer) {
                           add_udp(writer);
                           writer.add_u32(AttributeType::RequestedAddressFamily, 3U << 24);
                         })),
            440);
  EXPECT_EQ(error_of(ask(Method::Allocate,
                         [](auto& writer) {
                           add_udp(writer);
                           writer.add(static_cast<AttributeType>(0x7777), "?");
                         })),
            420);
  EXPECT_EQ(error_of(ask(Method::Allocate,
                         [](auto& writer) {
                           add_udp(writer);
                           writer.add(AttributeType::EvenPort, Bytes("\0", 1));
                           writer.add(AttributeType::ReservationToken, "12345678");
                         })),
            400);
  around_.refusal = ErrorCode::InsufficientCapacity;
  EXPECT_EQ(error_of(ask(Method::Allocate, add_udp)), 508);
  around_.refusal.reset();
  around_.quota = 0;
  EXPECT_EQ(error_of(ask(Method::Allocate, add_udp)), 486);
  EXPECT_EQ(server_.allocation_count(), 0U);
  EXPECT_EQ(around_.admitted, 0U);
}

TEST_F(TurnAllocate, PassesWishesOn) {
  expect_success(ask(Method::Allocate, [](auto& writer) {
    add_udp(writer);
    writer.add_u32(AttributeType::RequestedAddressFamily, 2U << 24);
    writer.add(AttributeType::EvenPort, "\x80");
  }));
  EXPECT_EQ(around_.last_wish.family, stun::Family::Ipv6);
  EXPECT_TRUE(around_.last_wish.even_port);
  EXPECT_TRUE(around_.last_wish.reserve_next);
}

TEST_F(TurnAllocate, SaysThatThereIsNoSecondFamily) {
  const auto answer = ask(Method::Allocate, [](auto& writer) {
    add_udp(writer);
    writer.add_u32(AttributeType::AdditionalAddressFamily, 2U << 24);
  });
  expect_success(answer);
  const auto error = Message::parse(*answer)->find(AttributeType::AddressErrorCode);
  EXPECT_EQ(error.value().substr(0, 4), Bytes("\x02\x00\x04\x28", 4));
}

TEST_F(TurnAllocate, KeepsLifetimesWithinBounds) {
  const auto with = [](std::uint32_t wanted) {
    return [wanted](stun::MessageWriter& writer) {
      add_udp(writer);
      writer.add_u32(AttributeType::Lifetime, wanted);
    };
  };
  EXPECT_EQ(lifetime_of(ask(Method::Allocate, with(5))), 600U);
  EXPECT_EQ(lifetime_of(ask(Method::Refresh, lifetime(777))), 777U);
  EXPECT_EQ(lifetime_of(ask(Method::Refresh, lifetime(1'000'000))), 3600U);
  EXPECT_EQ(lifetime_of(ask(Method::Refresh)), 600U);
}

TEST_F(TurnAllocate, EndsInTimeUnlessRefreshed) {
  allocate();
  now_ += minutes(9);
  expect_success(ask(Method::Refresh));
  now_ += minutes(9);
  EXPECT_FALSE(server_.on_time(now_));
  EXPECT_EQ(server_.allocation_count(), 1U);
  EXPECT_LE(server_.next_due().value(), now_ + minutes(1));
  now_ += minutes(1);
  server_.on_time(now_);
  EXPECT_EQ(server_.allocation_count(), 0U);
  EXPECT_EQ(around_.open_relays, 0U);
  EXPECT_EQ(around_.admitted, 0U);
  EXPECT_EQ(error_of(ask(Method::Refresh)), 437);
}

TEST_F(TurnAllocate, EndsWhenItsClientWantsOrGoes) {
  allocate();
  EXPECT_EQ(lifetime_of(ask(Method::Refresh, lifetime(0))), 0U);
  EXPECT_EQ(around_.open_relays, 0U);
  allocate();
  server_.on_client_gone(path_);
  EXPECT_EQ(around_.open_relays, 0U);
  server_.on_client_gone(path_);
  EXPECT_EQ(around_.admitted, 0U);
}

TEST_F(TurnAllocate, BelongsToTheUserWhoMadeIt) {
  allocate();
  EXPECT_EQ(error_of(ask(Method::Refresh, lifetime(0), "bob")), 441);
  EXPECT_EQ(error_of(ask(Method::CreatePermission, peers({v4(9, 0)}), "bob")), 441);
  EXPECT_EQ(server_.allocation_count(), 1U);
}

TEST_F(TurnAllocate, ChecksTheFamilyOfARefresh) {
  allocate();
  EXPECT_EQ(error_of(ask(Method::Refresh,
                         [](auto& writer) {
                           writer.add_u32(AttributeType::RequestedAddressFamily, 2U << 24);
                         })),
            443);
}

TEST_F(TurnAllocate, ServesTenThousandAndForgetsThemAll) {
  constexpr std::uint16_t kMany = 10'000;
  for (std::uint16_t i = 0; i < kMany; ++i) {
    path_.client = v4(static_cast<std::uint8_t>(i % 200), static_cast<std::uint16_t>(1024 + i));
    now_ += std::chrono::milliseconds(10);
    allocate();
  }
  EXPECT_EQ(server_.allocation_count(), kMany);
  now_ += seconds(600);
  while (server_.on_time(now_)) {
  }
  EXPECT_EQ(server_.allocation_count(), 0U);
  EXPECT_EQ(around_.open_relays, 0U);
  EXPECT_EQ(around_.admitted, 0U);
  EXPECT_EQ(server_.next_due(), std::nullopt);
}

TEST_F(TurnAllocate, KeepsNothingOfStrangers) {
  for (int i = 0; i < 1000; ++i) {
    path_.client.port = static_cast<std::uint16_t>(i);
    send(std::string(
        stun::MessageWriter(Method::Allocate, MessageClass::Request, next_id()).octets()));
  }
  EXPECT_EQ(server_.allocation_count(), 0U);
  EXPECT_EQ(around_.admitted, 0U);
}

}  // namespace
}  // namespace carillon::turn
