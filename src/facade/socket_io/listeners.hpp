// What one socket listens to. A listener may change the list while it runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "carillon/socket_io.hpp"
#include "core/hash.hpp"
#include "core/shared_bytes.hpp"

namespace carillon::facade {

/// Names of events, which the sockets of a reactor share.
/// Thread: its reactor's.
class SocketIoEventNames {
 public:
  SharedBytes share(std::string_view name);

 private:
  /// An application that makes up names must not fill the memory: further ones are not shared.
  static constexpr std::size_t kMost = 1'000;

  std::unordered_map<std::string, SharedBytes, StringHash, std::equal_to<>> names_;
};

/// Thread: its socket's.
class SocketIoListeners {
 public:
  enum class Times : bool { Always, Once };

  void add(SharedBytes event, socket_io::Listener call, Times times);
  void remove(std::string_view event);
  void remove_all();
  std::vector<std::string> events() const;

  /// Those that are there now, in the order in which they came. `may_go_on()` is asked before each.
  template <class MayGoOn>
  void call(std::string_view event, socket_io::Socket& socket,
            const socket_io::Arguments& arguments, const socket_io::Ack& ack, MayGoOn may_go_on);

 private:
  struct Listening {
    SharedBytes event;
    socket_io::Listener call;
    Times times;
    bool is_gone = false;
  };
  /// While it lives nothing is taken out.
  class Walk {
   public:
    explicit Walk(SocketIoListeners& list) : list_(list) { ++list_.walks_; }
    ~Walk() {
      if (--list_.walks_ == 0) list_.sweep();
    }
    Walk(const Walk&) = delete;
    Walk& operator=(const Walk&) = delete;

   private:
    SocketIoListeners& list_;
  };

  std::forward_list<Listening>::iterator last();
  void sweep();

  std::forward_list<Listening> all_;
  std::uint32_t walks_ = 0;
  bool has_gone_ = false;
};

template <class MayGoOn>
void SocketIoListeners::call(std::string_view event, socket_io::Socket& socket,
                             const socket_io::Arguments& arguments, const socket_io::Ack& ack,
                             MayGoOn may_go_on) {
  if (all_.empty()) return;
  const Walk walk(*this);
  const auto end = last();
  for (auto each = all_.begin(); may_go_on(); ++each) {
    if (!each->is_gone && each->event.view() == event) {
      if (each->times == Times::Once) each->is_gone = has_gone_ = true;
      each->call(socket, arguments, ack);
    }
    if (each == end) return;
  }
}

}  // namespace carillon::facade
