// An idle connection must cost nothing, and a small request little: allocations are counted.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "protocol/http1/parser.hpp"

namespace {
long live_allocations = 0;
long total_allocations = 0;
}  // namespace

void* operator new(std::size_t size) {
  ++live_allocations;
  ++total_allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  if (memory == nullptr) return;
  --live_allocations;
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  operator delete(memory);
}

namespace carillon::http1 {
namespace {

constexpr Bytes kRequest =
    "POST /api/messages?channel=chat%3Alobby HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n"
    "User-Agent: curl/7.88.1\r\nAccept: */*\r\nContent-Type: application/json\r\n"
    "Content-Length: 13\r\n\r\n{\"text\":\"hi\"}";

TEST(RequestParserMemory, IsGivenBackBetweenRequests) {
  const Limits limits;
  RequestParser parser(limits);
  const long before = live_allocations;
  for (int round = 0; round < 3; ++round) {
    Bytes input = kRequest;
    ASSERT_TRUE(parser.poll(input)->has_value());
    const long in_body = live_allocations;
    parser.limit_body(100);
    while (parser.phase() != RequestParser::Phase::Idle) ASSERT_TRUE(parser.poll(input));
    const long after = live_allocations;
    EXPECT_EQ(in_body, before + 2);
    EXPECT_EQ(after, before);
  }
}

TEST(RequestParserMemory, IsTwoAllocationsForASmallRequest) {
  const Limits limits;
  RequestParser parser(limits);
  Bytes input = kRequest;
  const long before = total_allocations;
  ASSERT_TRUE(parser.poll(input)->has_value());
  const RequestHead head = parser.take_head();
  EXPECT_EQ(total_allocations - before, 2);
  EXPECT_EQ(head.path(), "/api/messages");
}

TEST(RequestParserMemory, IsFewBytesInTheConnection) {
  EXPECT_LE(sizeof(RequestParser), 320U);
}

}  // namespace
}  // namespace carillon::http1
