#include "facade/socket_io/collectors.hpp"

#include <utility>

#include "facade/guard.hpp"

namespace carillon::facade {

void SocketIoCollectors::begin(std::uint64_t number, Done done, std::optional<Duration> time) {
  Collector& collector = collectors_[number];
  collector.done = std::move(done);
  if (!time) return;
  collector.timer =
      reactor_.after(*time, [this, number] { fail(number, "operation has timed out"); });
}

void SocketIoCollectors::on_asked(std::uint64_t number, std::size_t count) {
  const auto found = collectors_.find(number);
  if (found == collectors_.end()) return;
  found->second.asked = found->second.asked.value_or(0) + count;
  end_if_complete(number);
}

void SocketIoCollectors::on_answer(std::uint64_t number, socket_io::Arguments answer) {
  const auto found = collectors_.find(number);
  if (found == collectors_.end()) return;
  found->second.replies.responses.push_back(std::move(answer));
  end_if_complete(number);
}

void SocketIoCollectors::on_lost(std::uint64_t number) {
  const auto found = collectors_.find(number);
  if (found == collectors_.end()) return;
  ++found->second.lost;
  end_if_complete(number);
}

void SocketIoCollectors::fail(std::uint64_t number, std::string_view error) {
  const auto found = collectors_.find(number);
  if (found == collectors_.end()) return;
  Collector collector = std::move(found->second);
  collectors_.erase(found);
  reactor_.cancel(collector.timer);
  collector.replies.error = error;
  guarded("emit_with_ack", [&] { collector.done(collector.replies); });
}

void SocketIoCollectors::end_if_complete(std::uint64_t number) {
  const Collector& collector = collectors_.at(number);
  if (collector.asked != collector.replies.responses.size() + collector.lost) return;
  fail(number, collector.lost == 0 ? "" : "the client has disconnected");
}

}  // namespace carillon::facade
