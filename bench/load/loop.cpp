#include "load/loop.hpp"

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <system_error>

namespace carillon::bench {
namespace {

constexpr int kEventsPerTurn = 512;
constexpr timespec kNap = {.tv_sec = 0, .tv_nsec = 200'000};

void control(int epoll, int operation, int fd, std::uint32_t events, Pollable& pollable) {
  epoll_event event{.events = events, .data = {.ptr = &pollable}};
  if (::epoll_ctl(epoll, operation, fd, &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

}  // namespace

Loop::Loop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {}

void Loop::add(int fd, std::uint32_t events, Pollable& pollable) {
  control(epoll_.get(), EPOLL_CTL_ADD, fd, events, pollable);
}

void Loop::change(int fd, std::uint32_t events, Pollable& pollable) {
  control(epoll_.get(), EPOLL_CTL_MOD, fd, events, pollable);
}

void Loop::turn() {
  std::array<epoll_event, kEventsPerTurn> events;
  const int count = ::epoll_wait(epoll_.get(), events.data(), kEventsPerTurn, 0);
  if (count <= 0) {
    ::clock_nanosleep(CLOCK_MONOTONIC, 0, &kNap, nullptr);
    return;
  }
  for (int index = 0; index < count; ++index) {
    const epoll_event& event = events[static_cast<std::size_t>(index)];
    static_cast<Pollable*>(event.data.ptr)->on_events(event.events);
  }
}

}  // namespace carillon::bench
