#include "transport/common/worker.hpp"

#include "transport/common/connect_calls.hpp"

namespace carillon::transport {

Worker::Worker(const WorkerParts& parts) : parts_(parts) {
  if (settings().connect.url.empty()) return;
  connect_calls_ =
      std::make_unique<ConnectCalls>(reactor(), parts.resolver, settings().connect, probe_);
}

Worker::~Worker() = default;

void Worker::start_draining(Duration spread) {
  draining_ = true;
  reconnect_spread_ = spread;
  if (connect_calls_) connect_calls_->drain();
}

}  // namespace carillon::transport
