// Datagrams through the kernel, by both kinds of batch.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "net/datagram_inbox.hpp"
#include "net/datagram_outbox.hpp"
#include "net/datagram_socket.hpp"
#include "net/io_loop.hpp"
#include "net/io_ring.hpp"
#include "net/reactor.hpp"

namespace carillon::net {
namespace {

std::unique_ptr<IoBatch> make_ring() {
  auto ring = IoRing::make();
  if (!ring) return nullptr;
  return *std::move(ring);
}

std::unique_ptr<IoBatch> make_loop() {
  return std::make_unique<IoLoop>();
}

using Maker = std::unique_ptr<IoBatch> (*)();

/// Those that this kernel has.
std::vector<Maker> batches() {
  std::vector<Maker> all = {&make_loop};
  if (make_ring() != nullptr) all.push_back(&make_ring);
  return all;
}

DatagramAddress loopback(Family family) {
  DatagramAddress address{.family = family};
  if (family == Family::Ipv4) {
    address.ip = {127, 0, 0, 1};
  } else {
    address.ip[15] = 1;
  }
  return address;
}

struct Bound {
  DatagramAddress address;
  UniqueFd socket;
};

std::optional<Bound> bind(Family family) {
  Bound bound{.address = loopback(family), .socket = {}};
  auto socket = bind_datagram_socket(bound.address);
  if (!socket) return std::nullopt;
  bound.socket = *std::move(socket);
  return bound;
}

class DatagramTest : public ::testing::TestWithParam<Maker> {
 protected:
  Reactor reactor_{{.make_io_batch = GetParam()}};
  DatagramOutbox outbox_{reactor_};
  DatagramInbox inbox_{reactor_.probe()};
};

TEST_P(DatagramTest, ArriveInOrderWithTheirSender) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    const auto from = bind(family);
    const auto to = bind(family);
    if (!from || !to) continue;  // a machine without IPv6
    for (int i = 0; i < 20; ++i) {
      outbox_.add({.fd = from->socket.get(), .to = to->address}, std::to_string(i));
    }
    outbox_.flush();
    const auto datagrams = inbox_.receive_from(to->socket.get());
    ASSERT_EQ(datagrams.size(), 20U);
    for (std::size_t i = 0; i < datagrams.size(); ++i) {
      EXPECT_EQ(Bytes(datagrams[i].begin, datagrams[i].size), std::to_string(i));
      EXPECT_EQ(datagrams[i].from, from->address);
      EXPECT_EQ(datagrams[i].to.family, Family::None);
    }
  }
}

TEST_P(DatagramTest, AreReadFromManySocketsAtOnce) {
  const auto from = bind(Family::Ipv4);
  std::vector<Bound> bounds;
  std::vector<int> sockets;
  for (int i = 0; i < 10; ++i) {
    bounds.push_back(bind(Family::Ipv4).value());
    sockets.push_back(bounds.back().socket.get());
    if (i % 2 != 0) continue;
    outbox_.add({.fd = from->socket.get(), .to = bounds.back().address}, std::to_string(i));
  }
  outbox_.flush();
  const auto datagrams = inbox_.receive_each(sockets, reactor_.batch());
  ASSERT_EQ(datagrams.size(), 5U);
  for (const Datagram& each : datagrams) {
    EXPECT_EQ(Bytes(each.begin, each.size), std::to_string(each.source));
  }
}

TEST_P(DatagramTest, GoOnBehindOneThatTheKernelRefuses) {
  const auto from = bind(Family::Ipv4);
  const auto to = bind(Family::Ipv4);
  const std::string too_long(70'000, 'x');
  for (const Bytes octets :
       {Bytes("a"), Bytes(too_long), Bytes("b"), Bytes(too_long), Bytes("c")}) {
    outbox_.add({.fd = from->socket.get(), .to = to->address}, octets);
  }
  outbox_.flush();
  EXPECT_EQ(inbox_.receive_from(to->socket.get()).size(), 3U);
  EXPECT_EQ(reactor_.probe().datagrams_failed, 2U);
  EXPECT_EQ(reactor_.probe().datagrams_sent, 3U);
}

TEST_P(DatagramTest, FlushByThemselvesWhenThereAreMany) {
  const auto from = bind(Family::Ipv4);
  const auto to = bind(Family::Ipv4);
  for (std::size_t i = 0; i < limits::kDatagramsPerBatch + 1; ++i) {
    outbox_.add({.fd = from->socket.get(), .to = to->address}, Bytes("x"));
  }
  EXPECT_EQ(reactor_.probe().datagrams_sent, limits::kDatagramsPerBatch);
  outbox_.flush();
  EXPECT_EQ(reactor_.probe().datagrams_sent, limits::kDatagramsPerBatch + 1);
}

TEST_P(DatagramTest, TellWhichAddressTheyCameToAndLeaveFromIt) {
  const auto any = Address::from(reinterpret_cast<const sockaddr*>(
                                     std::array<sockaddr_in, 1>{{{.sin_family = AF_INET}}}.data()),
                                 sizeof(sockaddr_in));
  auto shared = bind_datagram_set(any, 1);
  ASSERT_TRUE(shared) << shared.error();
  sockaddr_in6 storage{};
  socklen_t size = sizeof storage;
  ::getsockname(shared->front().get(), reinterpret_cast<sockaddr*>(&storage), &size);
  auto target = DatagramAddress::from(reinterpret_cast<const sockaddr*>(&storage));
  target.ip = {127, 0, 0, 9};
  const auto from = bind(Family::Ipv4);
  outbox_.add({.fd = from->socket.get(), .to = target}, Bytes("ask"));
  outbox_.flush();
  const auto asked = inbox_.receive_from(shared->front().get());
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].to.ip, target.ip);
  outbox_.add({.fd = shared->front().get(), .to = asked[0].from, .from = asked[0].to},
              std::string("answer"));
  outbox_.flush();
  const auto answered = inbox_.receive_from(from->socket.get());
  ASSERT_EQ(answered.size(), 1U);
  EXPECT_EQ(answered[0].from, target);
}

INSTANTIATE_TEST_SUITE_P(Batches, DatagramTest, ::testing::ValuesIn(batches()));

TEST(DatagramSocket, IsNotSharedWithAnotherProgram) {
  const auto taken = bind(Family::Ipv4);
  sockaddr_in6 storage{};
  const socklen_t size = taken->address.to_socket(storage);
  const auto address = Address::from(reinterpret_cast<const sockaddr*>(&storage), size);
  const auto again = bind_datagram_set(address, 2);
  ASSERT_FALSE(again);
  EXPECT_NE(again.error().find(address.to_text()), std::string::npos);
}

}  // namespace
}  // namespace carillon::net
