// The made-up data of `carillon serve --demo`: prices, scores, readings, posts, notifications and
// the players that are always there. Pure: a time and randomness in, publications out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/time.hpp"

namespace carillon::server {

/// One publication of a feed.
struct DemoItem {
  std::string channel;
  std::string data;  // JSON
  std::string key;   // the conflation key
};

using DemoRandom = std::mt19937_64;

/// A source that says something every `interval`.
class DemoFeed {
 public:
  virtual ~DemoFeed() = default;
  virtual Duration interval() const = 0;
  virtual std::vector<DemoItem> next(DemoRandom& random) = 0;
};

/// All of them. Each demo's page says what it hears: web/pages/demos.
std::vector<std::unique_ptr<DemoFeed>> make_demo_feeds();

}  // namespace carillon::server
