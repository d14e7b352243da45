#include <liburing.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "floor/batch.hpp"

namespace carillon::bench {
namespace {

constexpr unsigned kEntries = 512;

/// MSG_DONTWAIT makes every operation complete while it is submitted.
class UringBatch final : public Batch {
 public:
  explicit UringBatch(const io_uring& ring) : ring_(ring) {}
  ~UringBatch() override { ::io_uring_queue_exit(&ring_); }
  UringBatch(const UringBatch&) = delete;
  UringBatch& operator=(const UringBatch&) = delete;

  void send(std::span<Transfer> transfers) override {
    run(transfers, [](io_uring_sqe* entry, const Transfer& each) {
      ::io_uring_prep_send(entry, each.fd, each.octets, each.size, MSG_DONTWAIT | MSG_NOSIGNAL);
    });
  }
  void receive(std::span<Transfer> transfers) override {
    run(transfers, [](io_uring_sqe* entry, const Transfer& each) {
      ::io_uring_prep_recv(entry, each.fd, each.octets, each.size, MSG_DONTWAIT);
    });
  }
  std::string_view name() const override { return "io_uring"; }

 private:
  template <class Prepare>
  void run(std::span<Transfer> transfers, Prepare prepare) {
    while (!transfers.empty()) {
      const auto part = transfers.first(std::min<std::size_t>(transfers.size(), kEntries));
      transfers = transfers.subspan(part.size());
      for (std::size_t index = 0; index < part.size(); ++index) {
        io_uring_sqe* entry = ::io_uring_get_sqe(&ring_);
        prepare(entry, part[index]);
        ::io_uring_sqe_set_data64(entry, index);
      }
      ::io_uring_submit_and_wait(&ring_, static_cast<unsigned>(part.size()));
      collect(part);
    }
  }

  void collect(std::span<Transfer> part) {
    unsigned head = 0;
    unsigned count = 0;
    io_uring_cqe* done = nullptr;
    io_uring_for_each_cqe(&ring_, head, done) {
      part[static_cast<std::size_t>(done->user_data)].result = done->res;
      ++count;
    }
    ::io_uring_cq_advance(&ring_, count);
  }

  io_uring ring_;
};

}  // namespace

std::unique_ptr<Batch> make_uring_batch() {
  io_uring_params parameters{};
  parameters.flags =
      IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_COOP_TASKRUN | IORING_SETUP_SUBMIT_ALL;
  io_uring ring{};
  if (::io_uring_queue_init_params(kEntries, &ring, &parameters) != 0) return nullptr;
  return std::make_unique<UringBatch>(ring);
}

}  // namespace carillon::bench
