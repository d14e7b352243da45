#include <sys/socket.h>

#include <cerrno>

#include "floor/batch.hpp"

namespace carillon::bench {
namespace {

class LoopBatch final : public Batch {
 public:
  void send(std::span<Transfer> transfers) override {
    for (Transfer& each : transfers) {
      const auto count = ::send(each.fd, each.octets, each.size, MSG_DONTWAIT | MSG_NOSIGNAL);
      each.result = count < 0 ? -errno : static_cast<int>(count);
    }
  }
  void receive(std::span<Transfer> transfers) override {
    for (Transfer& each : transfers) {
      const auto count = ::recv(each.fd, each.octets, each.size, MSG_DONTWAIT);
      each.result = count < 0 ? -errno : static_cast<int>(count);
    }
  }
  std::string_view name() const override { return "loop"; }
};

}  // namespace

std::unique_ptr<Batch> make_loop_batch() {
  return std::make_unique<LoopBatch>();
}

}  // namespace carillon::bench
