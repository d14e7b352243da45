// Socket.IO at one path, on all reactors. Each Socket.IO namespace has a home reactor, which knows
// who is in it and orders everything that is emitted; sockets are where their connections are.
#pragma once

#include <any>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "carillon/socket_io.hpp"
#include "core/hash.hpp"
#include "core/slot_table.hpp"
#include "facade/core.hpp"
#include "facade/socket_io/collectors.hpp"
#include "facade/socket_io/home.hpp"
#include "facade/socket_io/namespace.hpp"
#include "facade/socket_io/packet.hpp"
#include "facade/socket_io/payload.hpp"
#include "facade/socket_io/socket.hpp"

namespace carillon::facade {

class SocketIo;

/// What an acknowledgement of the application's needs, wherever it is given.
struct SocketIoAck {
  SocketIoAck(SocketIo& server, std::string of, SocketIoPlace socket, std::uint64_t number)
      : io(server), name_space(std::move(of)), place(socket), id(number) {}

  SocketIo& io;
  const std::string name_space;
  const SocketIoPlace place;
  const std::uint64_t id;
  std::atomic_flag is_given;
};

/// What goes on once a middleware has decided.
struct SocketIoNext {
  using Decided = std::move_only_function<void(ApplicationSocket&, const socket_io::ConnectError*)>;

  SocketIoNext(SocketIo& server, SocketIoPlace socket, Decided when_decided)
      : io(server), place(socket), decided(std::move(when_decided)) {}

  SocketIo& io;
  const SocketIoPlace place;
  Decided decided;
  std::atomic_flag is_called;
};

/// A client that comes back.
struct RestoredSession {
  std::string sid;
  std::string pid;
  std::set<std::string> rooms;
  std::any data;
  std::uint64_t from = 0;  // where to replay from
};

/// A client that goes.
struct Withdrawal {
  std::string name_space;
  SocketIoId id;
  SocketIoPlace place;
  std::optional<std::any> data;  // where it may come back
};

class SocketIo final : public socket_io::Server {
 public:
  using Event = std::string_view;

  SocketIo(Core& core, socket_io::Options options);

  // Server.
  const std::string& name() const override { return main_.name(); }
  Namespace& use(socket_io::Middleware middleware) override;
  Namespace& on_connection(socket_io::ConnectionListener listener) override;
  Namespace& of(std::string_view name) override;
  Namespace& of(socket_io::NamespaceMatcher matcher) override;
  socket_io::Emitter emitter() const override { return main_.emitter(); }
  socket_io::Emitter emitter(std::string_view name_space) const override;

  Core& core() const { return core_; }
  const socket_io::Options& options() const { return options_; }
  /// Handlers cannot be changed any more.
  void begin() { has_begun_ = true; }
  bool has_begun() const { return has_begun_; }
  void enter(Local& local) { core_.enter(local.worker()); }
  /// `auth`: as JSON; empty: none. Null: there is none of that name.
  const SocketIoNamespace* find_namespace(const std::string& name, Bytes auth);
  SocketIoEventNames& event_names(const Local& local) { return part(local).event_names; }

  // Emitters, from any thread.

  bool emit(const socket_io::Emitter& emitter, Event event, const socket_io::Arguments& arguments);
  void emit_with_ack(const socket_io::Emitter& emitter, Event event,
                     const socket_io::Arguments& arguments, SocketIoCollectors::Done done);
  void fetch_sockets(const socket_io::Emitter& emitter,
                     std::function<void(std::vector<socket_io::RemoteSocket>)> done);
  void sockets_join(const socket_io::Emitter& emitter, std::string room);
  void sockets_leave(const socket_io::Emitter& emitter, std::string room);
  void disconnect_sockets(const socket_io::Emitter& emitter, bool close);

  // Sockets, on their reactor.

  Handle add(Local& local, ApplicationSocket& socket);
  void remove(SocketIoPlace place);
  /// Ends a socket that has left its client; it goes after this tick.
  void bury(Local& local, std::unique_ptr<ApplicationSocket> socket, std::string_view reason);
  /// Asks the home for a session; the socket hears on_restored().
  void restore(ApplicationSocket& socket, std::string pid, std::optional<std::string> offset);
  // False: the home is behind and knows nothing of it.
  bool enroll(ApplicationSocket& socket, const std::string& pid);
  bool join(ApplicationSocket& socket, std::string room);
  bool leave(ApplicationSocket& socket, std::string room);
  void withdraw(Local& local, Withdrawal withdrawal);
  /// Behind what it was sent before. False: the home is behind.
  bool disconnect(const ApplicationSocket& socket, bool close);
  void tell_answer(std::uint64_t collector, socket_io::Arguments answer);
  void tell_lost(std::uint64_t collector);
  /// Calls `call(ApplicationSocket&)` where the socket is, if it is there still. Never lost.
  template <class Call>
  void run_at(SocketIoPlace place, Call call);
  /// From any thread, behind what its socket was sent before.
  void answer(const SocketIoAck& ack, SocketIoPayload payload);

 private:
  struct Part {
    explicit Part(net::Reactor& reactor) : collectors(reactor) {}
    SlotTable<ApplicationSocket*> sockets;
    std::unordered_map<std::string, SocketIoHome, StringHash, std::equal_to<>> homes;
    SocketIoCollectors collectors;
    SocketIoEventNames event_names;
  };
  struct Emission {
    std::string name_space;
    SocketIoTarget target;
    std::string event;
    SocketIoPayload payload;
    std::optional<std::uint64_t> ack = {};
    std::uint64_t collector = 0;
    std::optional<Duration> ack_time = {};
    bool is_volatile = false;
  };
  struct Matched {
    socket_io::NamespaceMatcher matcher;
    std::unique_ptr<SocketIoNamespace> handlers;
  };
  using Task = Core::Task;
  using SocketCall = std::function<void(ApplicationSocket&)>;
  using HomeCall = std::function<void(Local&, SocketIoHome&)>;

  Part& part(const Local& local) { return *parts_[local.index()]; }
  ApplicationSocket* find(const Local& local, Handle socket);
  SocketIoTarget target_of(const socket_io::Emitter& emitter) const;
  std::size_t home_of(std::string_view name_space) const;
  bool post(std::size_t reactor, Task task, std::size_t bytes = 0);
  /// Behind all that was emitted before.
  bool at_home(const std::string& name_space,
               std::move_only_function<void(Local&, SocketIoHome&)> call, std::size_t bytes = 0);
  void at_home_surely(const std::string& name_space, const HomeCall& call);
  bool by_home(const std::string& name_space, SocketIoPlace place, SocketCall call,
               std::size_t bytes = 0);
  SocketIoHome& home(Local& local, const std::string& name_space);
  void watch_home(Local& local, SocketIoHome& home, const std::string& name_space);
  void drop_home_if_empty(Local& local, const std::string& name_space);
  std::optional<Emission> emission_of(const socket_io::Emitter& emitter, Event event,
                                      const socket_io::Arguments& arguments) const;
  bool send(Emission emission);
  static SocketIoPacketPtr encode(const Local& local, const Emission& emission);
  void order(Local& local, Emission emission);
  void send_together(Local& local, const Emission& emission, SocketIoPacketPtr packet,
                     std::uint64_t number);
  void deliver_parcels(Local& local, const std::string& name_space);
  void deliver(const SocketIoPlaces& places, const SocketIoParcelPtr& parcel);
  void replay(SocketIoPlace place, std::vector<SocketIoPacketPtr> packets);
  void cut(std::uint32_t reactor, std::vector<Handle> sockets);
  void at_sockets(const SocketIoPlaces& places, const SocketCall& call);
  struct Fetch {
    SocketIoPlaces rest;  // to be asked, one reactor after the other
    std::string name_space;
    std::uint64_t number = 0;  // whose answer it is
    std::vector<socket_io::RemoteSocket> found = {};
    std::function<void(std::vector<socket_io::RemoteSocket>)> done;
  };
  void go_on(Fetch fetch);
  void come_back(Local& local, SocketIoHome& home, SocketIoPlace place, const std::string& pid,
                 const std::optional<std::string>& offset);

  Core& core_;
  const socket_io::Options options_;
  SocketIoNamespace main_;
  std::map<std::string, std::unique_ptr<SocketIoNamespace>, std::less<>> namespaces_;
  std::vector<Matched> matched_;
  std::vector<std::unique_ptr<Part>> parts_;
  std::atomic<std::uint64_t> next_ack_{0};
  bool has_begun_ = false;
};

template <class Call>
void SocketIo::run_at(SocketIoPlace place, Call call) {
  core_.end_at(place.reactor, [this, place, call = std::move(call)](Local& local) mutable {
    if (ApplicationSocket* const socket = find(local, place.socket)) call(*socket);
  });
}

}  // namespace carillon::facade
