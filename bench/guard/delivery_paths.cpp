#include <memory>
#include <string>
#include <vector>

#include "guard/hot_paths.hpp"
#include "guard/stage.hpp"

namespace carillon::bench {
namespace {

constexpr std::size_t kPublications = 1'000;

}  // namespace

std::vector<HotPath> delivery_paths() {
  auto stage = std::make_shared<Stage>(server::Config{});
  const auto settle = [stage] { stage->settle(); };
  const auto publish = [stage] {
    for (std::size_t index = 0; index < kPublications; ++index) stage->publish("lonely");
  };
  const auto publish_hot = [stage] {
    stage->settle();
    stage->publish("hot");
  };
  const auto deliver_hot = [stage, publish_hot] {
    publish_hot();
    stage->deliver();
  };
  const auto park = [stage] {
    stage->publish("polled");
    stage->settle();
    stage->poll();
    stage->settle();
  };
  /// A delivery and the request that follows it.
  const auto answer_and_poll = [stage] {
    stage->publish("polled");
    stage->deliver();
    stage->flush();
    stage->poll();
  };
  return {
      {.name = "publish", .operations = kPublications, .prepare = settle, .run = publish},
      {.name = "fan_out_1000",
       .operations = kSubscribers,
       .prepare = publish_hot,
       .run = [stage] { stage->deliver(); }},
      {.name = "flush_1000",
       .operations = kSubscribers,
       .prepare = deliver_hot,
       .run = [stage] { stage->flush(); }},
      {.name = "long_poll_1000",
       .operations = kSubscribers,
       .prepare = park,
       .run = answer_and_poll},
  };
}

}  // namespace carillon::bench
