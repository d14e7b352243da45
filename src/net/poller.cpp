#include "net/poller.hpp"

#include <cerrno>
#include <system_error>

#include "core/check.hpp"
#include "net/limits.hpp"

namespace carillon::net {
namespace {

// The generation in the upper half, two bits for the table, the slot below.
constexpr unsigned kTableShift = 30;
constexpr std::uint64_t kSlotMask = (std::uint64_t{1} << kTableShift) - 1;

std::uint64_t pack(PollKey key) {
  const auto table = static_cast<std::uint64_t>(key.table);
  return std::uint64_t{key.handle.generation} << 32 | table << kTableShift | key.handle.slot;
}

PollKey unpack(std::uint64_t data) {
  return PollKey{.table = static_cast<PollKey::Table>(data >> kTableShift & 3),
                 .handle = {.slot = static_cast<std::uint32_t>(data & kSlotMask),
                            .generation = static_cast<std::uint32_t>(data >> 32)}};
}

}  // namespace

Poller::Poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), raw_(limits::kEventsPerWait) {
  if (!epoll_) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  ready_.reserve(raw_.size());
}

bool Poller::add(int fd, std::uint32_t events, PollKey key) {
  return control(EPOLL_CTL_ADD, fd, events, key);
}

bool Poller::change(int fd, std::uint32_t events, PollKey key) {
  return control(EPOLL_CTL_MOD, fd, events, key);
}

void Poller::remove(int fd) {
  control(EPOLL_CTL_DEL, fd, 0, {});
}

bool Poller::control(int operation, int fd, std::uint32_t events, PollKey key) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = pack(key);
  return ::epoll_ctl(epoll_.get(), operation, fd, &event) == 0;
}

std::span<const PollEvent> Poller::wait(int timeout_milliseconds) {
  const auto capacity = static_cast<int>(raw_.size());
  const int count = ::epoll_wait(epoll_.get(), raw_.data(), capacity, timeout_milliseconds);
  CARILLON_CHECK(count >= 0 || errno == EINTR);
  ready_.clear();
  for (int index = 0; index < count; ++index) {
    const epoll_event& event = raw_[static_cast<std::size_t>(index)];
    ready_.push_back({.key = unpack(event.data.u64), .events = event.events});
  }
  return ready_;
}

}  // namespace carillon::net
