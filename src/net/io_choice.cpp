#include "net/io_choice.hpp"

#include <atomic>
#include <memory>
#include <utility>

#include "core/log.hpp"
#include "net/io_loop.hpp"
#include "net/io_ring.hpp"

namespace carillon::net {
namespace {

/// Shared by the reactors: each says a thing only if none has said it before.
struct Said {
  std::atomic<bool> uring{false};
  std::atomic<bool> epoll{false};
};

std::unique_ptr<IoBatch> make_loop() {
  return std::make_unique<IoLoop>();
}

std::unique_ptr<IoBatch> make_batch(IoChoice choice, Said& said) {
  if (choice == IoChoice::Epoll) {
    if (!said.epoll.exchange(true)) log::info("I/O backend: epoll, as configured");
    return make_loop();
  }
  auto ring = IoRing::make();
  if (ring) {
    if (!said.uring.exchange(true)) log::info("I/O backend: uring");
    return std::move(*ring);
  }
  if (!said.epoll.exchange(true)) {
    constexpr auto kText = "I/O backend: epoll, as io_uring cannot be used: {}";
    choice == IoChoice::Uring ? log::warn(kText, ring.error()) : log::info(kText, ring.error());
  }
  return make_loop();
}

}  // namespace

IoBatchFactory io_batch_factory(IoChoice choice) {
  return [choice, said = std::make_shared<Said>()] { return make_batch(choice, *said); };
}

}  // namespace carillon::net
