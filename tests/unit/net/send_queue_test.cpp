#include "net/send_queue.hpp"

#include <gtest/gtest.h>

#include <string>

#include "net/limits.hpp"

namespace carillon::net {
namespace {

TEST(SendQueue, ForgetsWhatIsSentThoughItIsNeverEmpty) {
  SendQueue queue;
  const std::string record(16 * 1024, 'r');
  queue.sealed() += record;
  for (int i = 0; i < 1000; ++i) {
    queue.sealed() += record;
    queue.consume_sealed(record.size());
    ASSERT_EQ(queue.sealed_bytes(), record.size());
    ASSERT_LE(queue.sealed().size(), 2 * limits::kSealedBytes);
  }
  queue.consume_sealed(record.size());
  EXPECT_TRUE(queue.empty());
  EXPECT_TRUE(queue.sealed().empty());
}

}  // namespace
}  // namespace carillon::net
