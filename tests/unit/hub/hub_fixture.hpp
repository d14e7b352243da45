// The stage of the hub's tests: a town of reactors whose mail is carried by hand.
#pragma once

#include <gtest/gtest.h>

#include "tests/unit/hub/reader.hpp"

namespace carillon::hub {

/// With one reactor, and with three of which the readers are on one and the channel on another.
class HubTest : public testing::TestWithParam<std::size_t> {
 protected:
  HubTest() : town({.reactors = GetParam()}) {}

  ReactorIndex home() { return town.home_of("chat"); }
  ReactorIndex elsewhere() { return (home() + 1) % town.size(); }
  void say(const std::string& data, ClientId client = {}) {
    publish(town.hub(home()), draft("chat", data, client));
  }
  std::uint64_t encodings() {
    std::uint64_t sum = 0;
    for (ReactorIndex index = 0; index < town.size(); ++index) sum += town.counts(index).encodings;
    return sum;
  }

  Town town;
};

}  // namespace carillon::hub
