#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <optional>

#include "cluster/memory_broker.hpp"
#include "tests/unit/cluster/broker_fixture.hpp"

namespace carillon::cluster {
namespace {

using hub::After;
using hub::Continuity;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(MemoryBroker, DeletesAHistoryAsIfItHadBeenPruned) {
  Node node;
  const Position first = node.publish("chat", "a").value().position;
  const Position top = node.publish("chat", "b").value().position;
  const std::size_t bytes = node.budget.history_bytes.used();
  EXPECT_GT(bytes, 0U);
  std::optional<Position> answer;
  node.broker.delete_history("chat", [&](auto position) { answer = position.value(); });
  EXPECT_EQ(answer, top);
  EXPECT_EQ(node.budget.history_bytes.used(), 0U);
  EXPECT_THAT(node.read("chat").publications, IsEmpty());
  EXPECT_EQ(node.read("chat", After{first}).continuity, Continuity::Pruned);
  EXPECT_EQ(node.read("chat", After{top}).continuity, Continuity::Unbroken);
  EXPECT_EQ(node.publish("chat", "c").value().position, (Position{top.epoch, 3}));
  node.broker.channels().delete_up_to("chat", {*Epoch::parse("another"), 100});
  EXPECT_THAT(data_of(node.read("chat")), ElementsAre("c")) << "another life is no concern of it";
}

}  // namespace
}  // namespace carillon::cluster
