// The hub's courier over the reactors' mailboxes.
#pragma once

#include "hub/clock.hpp"
#include "hub/courier.hpp"
#include "net/reactor.hpp"

namespace carillon::server {

/// Thread: its reactor's.
class ReactorCourier final : public hub::Courier {
 public:
  ReactorCourier(net::Reactor& reactor, std::size_t reactor_count)
      : reactor_(reactor), reactor_count_(reactor_count) {}

  std::size_t reactor_count() const override { return reactor_count_; }
  hub::ReactorIndex own() const override { return reactor_.index(); }

  bool try_post(hub::ReactorIndex to, hub::Task& task) override {
    return reactor_.mailbox_to(to).try_send(task);
  }

  bool try_request(hub::ReactorIndex to, hub::Task& task) override {
    net::Mailbox& back = reactor_.mailbox_from(to);
    if (!back.try_reserve()) return false;
    if (reactor_.mailbox_to(to).try_send(task)) return true;
    back.release_reservation();
    return false;
  }

  void answer(hub::ReactorIndex to, hub::Task task) override {
    reactor_.mailbox_to(to).send_reserved(std::move(task));
  }

 private:
  net::Reactor& reactor_;
  std::size_t reactor_count_;
};

/// The hub's clock: the wall clock of its reactor's tick.
class ReactorClock final : public hub::Clock {
 public:
  explicit ReactorClock(net::Reactor& reactor) : reactor_(reactor) {}
  Timestamp now() const override { return reactor_.wall_clock(); }

 private:
  net::Reactor& reactor_;
};

}  // namespace carillon::server
