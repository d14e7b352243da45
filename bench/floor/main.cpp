// bench_floor: the bare program that servers are measured against. It upgrades without looking
// closely, forwards what one publisher sends to everybody else at the end of the tick (`/publish`,
// `/`), or sends back what it gets (`/echo`), in batches, and does nothing else.
//
// Usage: bench_floor [--io=auto|uring|loop] [--fault=lose|repeat|swap|damage]
//        bench_floor --calibrate   (prints what an empty system call costs here, in microseconds)
// A fault is put into what the 100th socket is sent, once, to see that a checker finds it.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "floor/batch.hpp"
#include "floor/frames.hpp"

namespace carillon::bench {
namespace {

constexpr std::size_t kReceiveBytes = 64 * 1024;
constexpr std::size_t kReceivesAtOnce = 64;
constexpr std::size_t kFaultySubscriber = 100;

enum class Kind : std::uint8_t { New, Subscriber, Publisher, Echoer };

/// Gives the memory back, which an assignment does not.
void release(std::string& text) {
  std::string().swap(text);
}

struct Socket {
  int fd = -1;
  Kind kind = Kind::New;
  std::string unsent;  // both are empty nearly always
  std::string partial;
};

class Floor {
 public:
  Floor(std::unique_ptr<Batch> batch, std::string fault)
      : batch_(std::move(batch)), fault_(std::move(fault)) {}

  void listen();
  [[noreturn]] void run();

 private:
  void accept_all();
  void receive_all();
  void on_octets(Socket& socket, std::string_view octets);
  void take_request(Socket& socket);
  void take_frames(Socket& socket);
  void flush();
  void fan_out();
  void settle(std::span<Transfer> transfers);
  void write_again(Socket& socket);
  void plant_fault(std::vector<Transfer>& transfers);
  void close(Socket& socket);

  std::unique_ptr<Batch> batch_;
  std::string fault_;
  std::string faulty_;
  int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  int listener_ = -1;
  std::vector<Socket> sockets_;   // by descriptor
  std::vector<int> subscribers_;  // descriptors
  std::vector<int> readable_;
  std::vector<int> replying_;   // with something of their own to be sent
  std::string frames_;          // of this tick, for all subscribers
  std::size_t last_frame_ = 0;  // where in frames_ the last one begins
  std::vector<char> arena_ = std::vector<char>(kReceiveBytes * kReceivesAtOnce);
  std::vector<Transfer> transfers_;
};

void Floor::listen() {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, SOMAXCONN) != 0) {
    std::perror("bench_floor");
    std::exit(1);
  }
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  epoll_event event{.events = EPOLLIN, .data = {.fd = listener_}};
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event);
  std::printf("listening on http://127.0.0.1:%d by %s\n", ntohs(address.sin_port),
              std::string(batch_->name()).c_str());
  std::fflush(stdout);
}

void Floor::run() {
  std::array<epoll_event, 512> events;
  for (;;) {
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
    for (int index = 0; index < count; ++index) {
      const epoll_event& event = events[static_cast<std::size_t>(index)];
      if (event.data.fd == listener_) {
        accept_all();
        continue;
      }
      if ((event.events & EPOLLOUT) != 0) {
        write_again(sockets_[static_cast<std::size_t>(event.data.fd)]);
      }
      if ((event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) {
        readable_.push_back(event.data.fd);
      }
    }
    receive_all();
    flush();
  }
}

void Floor::accept_all() {
  for (;;) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto slot = static_cast<std::size_t>(fd);
    if (sockets_.size() <= slot) sockets_.resize(slot + 1);
    sockets_[slot] = {.fd = fd};
    epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }
}

void Floor::receive_all() {
  for (std::size_t first = 0; first < readable_.size(); first += kReceivesAtOnce) {
    transfers_.clear();
    for (std::size_t index = first; index < readable_.size(); ++index) {
      if (transfers_.size() == kReceivesAtOnce) break;
      transfers_.push_back({.fd = readable_[index],
                            .octets = arena_.data() + transfers_.size() * kReceiveBytes,
                            .size = kReceiveBytes});
    }
    batch_->receive(transfers_);
    for (const Transfer& each : transfers_) {
      Socket& socket = sockets_[static_cast<std::size_t>(each.fd)];
      if (each.result > 0) {
        on_octets(socket, {each.octets, static_cast<std::size_t>(each.result)});
      } else if (each.result != -EAGAIN) {
        close(socket);
      }
    }
  }
  readable_.clear();
}

void Floor::on_octets(Socket& socket, std::string_view octets) {
  socket.partial += octets;
  if (socket.kind == Kind::New) take_request(socket);
  if (socket.kind != Kind::New) take_frames(socket);
  if (socket.partial.empty()) release(socket.partial);  // an idle socket owns nothing
}

void Floor::take_request(Socket& socket) {
  const std::size_t end = socket.partial.find("\r\n\r\n");
  if (end == std::string::npos) return;
  const std::string request = socket.partial.substr(0, end + 4);
  socket.partial.erase(0, end + 4);
  socket.unsent = upgrade_answer(request);
  replying_.push_back(socket.fd);
  if (request.starts_with("GET /publish ")) {
    socket.kind = Kind::Publisher;
  } else if (request.starts_with("GET /echo ")) {
    socket.kind = Kind::Echoer;
  } else {
    socket.kind = Kind::Subscriber;
    subscribers_.push_back(socket.fd);
  }
}

void Floor::take_frames(Socket& socket) {
  std::string_view rest = socket.partial;
  while (const auto payload = take_client_text(rest)) {
    if (socket.kind == Kind::Publisher) {
      last_frame_ = frames_.size();
      append_server_text(frames_, *payload);
    } else if (socket.kind == Kind::Echoer) {
      if (socket.unsent.empty()) replying_.push_back(socket.fd);
      append_server_text(socket.unsent, *payload);
    }
  }
  socket.partial.erase(0, socket.partial.size() - rest.size());
}

void Floor::flush() {
  transfers_.clear();
  for (const int fd : replying_) {
    std::string& unsent = sockets_[static_cast<std::size_t>(fd)].unsent;
    if (!unsent.empty()) {
      transfers_.push_back({.fd = fd, .octets = unsent.data(), .size = unsent.size()});
    }
  }
  replying_.clear();
  batch_->send(transfers_);
  settle(transfers_);
  if (!frames_.empty()) fan_out();
}

void Floor::fan_out() {
  transfers_.clear();
  for (const int fd : subscribers_) {
    Socket& socket = sockets_[static_cast<std::size_t>(fd)];
    if (socket.unsent.empty()) {
      transfers_.push_back({.fd = fd, .octets = frames_.data(), .size = frames_.size()});
    } else {
      socket.unsent += frames_;
    }
  }
  if (!fault_.empty()) plant_fault(transfers_);
  batch_->send(transfers_);
  settle(transfers_);
  frames_.clear();
}

/// Keeps what the kernel did not take.
void Floor::settle(std::span<Transfer> transfers) {
  for (const Transfer& each : transfers) {
    Socket& socket = sockets_[static_cast<std::size_t>(each.fd)];
    const auto sent = static_cast<std::size_t>(std::max(each.result, 0));
    const bool is_own = each.octets == socket.unsent.data();
    if (each.result < 0 && each.result != -EAGAIN) {
      close(socket);
    } else if (sent == each.size) {
      if (is_own) release(socket.unsent);
    } else {
      std::string rest(each.octets + sent, each.size - sent);
      socket.unsent.swap(rest);
      epoll_event event{.events = EPOLLIN | EPOLLOUT, .data = {.fd = each.fd}};
      ::epoll_ctl(epoll_, EPOLL_CTL_MOD, each.fd, &event);
    }
  }
}

void Floor::write_again(Socket& socket) {
  const ssize_t sent =
      ::send(socket.fd, socket.unsent.data(), socket.unsent.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent > 0) socket.unsent.erase(0, static_cast<std::size_t>(sent));
  if (!socket.unsent.empty()) return;
  release(socket.unsent);
  epoll_event event{.events = EPOLLIN, .data = {.fd = socket.fd}};
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, socket.fd, &event);
}

void Floor::plant_fault(std::vector<Transfer>& transfers) {
  if (transfers.size() <= kFaultySubscriber) return;
  faulty_ = frames_;
  const std::string frame = frames_.substr(last_frame_);
  if (fault_ == "lose") {
    faulty_.resize(last_frame_);
  } else if (fault_ == "repeat") {
    faulty_ += frame;
  } else if (fault_ == "swap") {
    if (last_frame_ == 0) return;  // there must be two
    faulty_ = frame + frames_.substr(0, last_frame_);
  } else {
    faulty_[faulty_.size() - 5] ^= 1;
  }
  transfers[kFaultySubscriber].octets = faulty_.data();
  transfers[kFaultySubscriber].size = faulty_.size();
  fault_.clear();
}

void Floor::close(Socket& socket) {
  std::erase(subscribers_, socket.fd);
  ::close(socket.fd);
  socket = {};
}

/// How much there is to win by fewer system calls.
double system_call_us() {
  constexpr int kCalls = 500'000;
  const auto begin = std::chrono::steady_clock::now();
  for (int call = 0; call < kCalls; ++call) ::syscall(SYS_getppid);
  const std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - begin;
  return time.count() / kCalls;
}

std::string value_of(int count, char** words, std::string_view name) {
  for (int index = 1; index < count; ++index) {
    const std::string_view word = words[index];
    if (word.starts_with(name)) return std::string(word.substr(name.size()));
  }
  return {};
}

}  // namespace
}  // namespace carillon::bench

int main(int count, char** words) {
  using namespace carillon::bench;
  if (count == 2 && std::string_view(words[1]) == "--calibrate") {
    std::printf("%.2f\n", system_call_us());
    return 0;
  }
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  const std::string io = value_of(count, words, "--io=");
  std::unique_ptr<Batch> batch = io == "loop" ? nullptr : make_uring_batch();
  if (!batch && io == "uring") {
    std::fputs("bench_floor: the kernel does not allow io_uring\n", stderr);
    return 1;
  }
  Floor floor(batch ? std::move(batch) : make_loop_batch(), value_of(count, words, "--fault="));
  floor.listen();
  floor.run();
}
