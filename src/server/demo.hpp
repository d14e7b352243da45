// Publishes the made-up data of `carillon serve --demo`, from one reactor.
#pragma once

#include <memory>
#include <vector>

#include "hub/hub.hpp"
#include "net/reactor.hpp"
#include "server/demo_data.hpp"

namespace carillon::server {

/// Thread:   its reactor's, once that runs.
/// Lifetime: until the reactor has stopped.
class Demo {
 public:
  Demo(net::Reactor& reactor, hub::Hub& hub);
  Demo(const Demo&) = delete;
  Demo& operator=(const Demo&) = delete;

 private:
  void speak(DemoFeed& feed, TimePoint due);

  net::Reactor& reactor_;
  hub::Hub& hub_;
  DemoRandom random_;
  std::vector<std::unique_ptr<DemoFeed>> feeds_;
};

}  // namespace carillon::server
