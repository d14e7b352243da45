#include "facade/socket_io/io.hpp"

#include <charconv>
#include <stdexcept>

#include "core/hash.hpp"
#include "facade/guard.hpp"
#include "facade/socket_io/client.hpp"

namespace carillon::facade {
namespace {

std::optional<RecoveryLimits> recovery_limits(const socket_io::Options& options) {
  if (!options.connection_state_recovery) return std::nullopt;
  return RecoveryLimits{.time = options.connection_state_recovery->max_disconnection_duration};
}

std::optional<std::uint64_t> parse_offset(const std::optional<std::string>& text) {
  std::uint64_t number = 0;
  if (!text) return std::nullopt;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), number);
  const bool is_number = read.ec == std::errc{} && read.ptr == text->data() + text->size();
  return is_number ? std::optional(number) : std::nullopt;
}

}  // namespace

SocketIo::SocketIo(Core& core, socket_io::Options options)
    : core_(core), options_(std::move(options)), main_(*this, socketio::kMainNamespace) {
  for (std::size_t i = 0; i < core_.node().shard_count(); ++i) {
    parts_.push_back(std::make_unique<Part>(core_.node().shard(i).reactor()));
  }
}

// --- Socket.IO namespaces -----------------------------------------------------------------------

SocketIo::Namespace& SocketIo::use(socket_io::Middleware middleware) {
  return main_.use(std::move(middleware));
}

SocketIo::Namespace& SocketIo::on_connection(socket_io::ConnectionListener listener) {
  return main_.on_connection(std::move(listener));
}

SocketIo::Namespace& SocketIo::of(std::string_view name) {
  std::string full(name);
  if (!full.starts_with('/')) full.insert(0, 1, '/');
  if (full == socketio::kMainNamespace) return main_;
  const auto found = namespaces_.find(full);
  if (found != namespaces_.end()) return *found->second;
  if (has_begun_) {
    throw std::logic_error("there is no Socket.IO namespace " + full +
                           ", and none can be added once the server runs");
  }
  auto added = std::make_unique<SocketIoNamespace>(*this, full);
  return *namespaces_.emplace(full, std::move(added)).first->second;
}

SocketIo::Namespace& SocketIo::of(socket_io::NamespaceMatcher matcher) {
  if (has_begun_) {
    throw std::logic_error("no Socket.IO namespaces can be added once the server runs");
  }
  matched_.push_back(
      {.matcher = std::move(matcher), .handlers = std::make_unique<SocketIoNamespace>(*this, "")});
  return *matched_.back().handlers;
}

socket_io::Emitter SocketIo::emitter(std::string_view name_space) const {
  return {const_cast<SocketIo&>(*this), std::string(name_space)};
}

const SocketIoNamespace* SocketIo::find_namespace(const std::string& name, Bytes auth) {
  if (name == socketio::kMainNamespace) return &main_;
  const auto found = namespaces_.find(name);
  if (found != namespaces_.end()) return found->second.get();
  const auto said = socket_io::Value::json(auth.empty() ? Bytes("{}") : auth);
  for (const Matched& each : matched_) {
    bool matches = false;
    guarded("a matcher of Socket.IO namespaces", [&] { matches = each.matcher(name, said); });
    if (matches) return each.handlers.get();
  }
  return nullptr;
}

// --- Between reactors ---------------------------------------------------------------------------

bool SocketIo::post(std::size_t reactor, Task task, std::size_t bytes) {
  Local* const here = core_.here();
  if (here != nullptr && here->index() == reactor) {
    task(*here);
    return true;
  }
  return core_.post_to(reactor, std::move(task), bytes);
}

std::size_t SocketIo::home_of(std::string_view name_space) const {
  return StringHash()(name_space) % parts_.size();
}

SocketIoHome& SocketIo::home(Local& local, const std::string& name_space) {
  auto& homes = part(local).homes;
  const auto found = homes.find(name_space);
  if (found != homes.end()) return found->second;
  return homes.try_emplace(name_space, recovery_limits(options_)).first->second;
}

bool SocketIo::at_home(const std::string& name_space,
                       std::move_only_function<void(Local&, SocketIoHome&)> call,
                       std::size_t bytes) {
  return post(
      home_of(name_space),
      [this, name_space, call = std::move(call)](Local& local) mutable {
        deliver_parcels(local, name_space);
        call(local, home(local, name_space));
        drop_home_if_empty(local, name_space);
      },
      bytes);
}

/// Names of clients' choosing must not stay for ever.
void SocketIo::drop_home_if_empty(Local& local, const std::string& name_space) {
  auto& homes = part(local).homes;
  const auto found = homes.find(name_space);
  if (found != homes.end() && found->second.is_empty()) homes.erase(found);
}

ApplicationSocket* SocketIo::find(const Local& local, Handle socket) {
  ApplicationSocket** const found = part(local).sockets.find(socket);
  return found == nullptr ? nullptr : *found;
}

// --- Everybody who is meant ---------------------------------------------------------------------

void SocketIo::at_sockets(const SocketIoPlaces& places, const SocketCall& call) {
  for (const auto& [reactor, sockets] : places) {
    const auto at_each = [this, call, meant = sockets](Local& local) {
      for (const Handle each : meant) {
        if (ApplicationSocket* const socket = find(local, each)) call(*socket);
      }
    };
    // Behind what was emitted before it; where that cannot be told either, at least surely.
    if (!post(reactor, at_each)) core_.end_at(reactor, at_each);
  }
}

/// What an application takes away from clients must not get lost.
void SocketIo::at_home_surely(const std::string& name_space, const HomeCall& call) {
  if (at_home(name_space, call)) return;
  core_.end_at(home_of(name_space), [this, name_space, call](Local& local) {
    deliver_parcels(local, name_space);
    call(local, home(local, name_space));
    drop_home_if_empty(local, name_space);
  });
}

void SocketIo::sockets_join(const socket_io::Emitter& emitter, std::string room) {
  at_home_surely(emitter.name_space_, [this, target = target_of(emitter), room = std::move(room)](
                                          Local&, SocketIoHome& home) {
    at_sockets(home.join_all(target, room),
               [room](ApplicationSocket& socket) { socket.note_join(room); });
  });
}

void SocketIo::sockets_leave(const socket_io::Emitter& emitter, std::string room) {
  at_home_surely(emitter.name_space_, [this, target = target_of(emitter), room = std::move(room)](
                                          Local&, SocketIoHome& home) {
    at_sockets(home.leave_all(target, room),
               [room](ApplicationSocket& socket) { socket.note_leave(room); });
  });
}

void SocketIo::disconnect_sockets(const socket_io::Emitter& emitter, bool close) {
  at_home_surely(emitter.name_space_,
                 [this, target = target_of(emitter), close](Local&, SocketIoHome& home) {
                   at_sockets(home.places(target),
                              [close](ApplicationSocket& socket) { socket.disconnect_now(close); });
                 });
}

// --- By way of the home: behind what the socket was sent before ---------------------------------

bool SocketIo::disconnect(const ApplicationSocket& socket, bool close) {
  return by_home(std::string(socket.name_space()), socket.place(),
                 [close](ApplicationSocket& at) { at.disconnect_now(close); });
}

void SocketIo::answer(const SocketIoAck& ack, SocketIoPayload payload) {
  const std::size_t bytes = payload.bytes();
  const bool told = by_home(
      ack.name_space, ack.place,
      [id = ack.id, payload = std::move(payload)](ApplicationSocket& socket) {
        socket.answer(id, payload);
      },
      bytes);
  if (!told) cut(ack.place.reactor, {ack.place.socket});
}

bool SocketIo::by_home(const std::string& name_space, SocketIoPlace place, SocketCall call,
                       std::size_t bytes) {
  return at_home(
      name_space,
      [this, place, call = std::move(call), bytes](Local&, SocketIoHome&) mutable {
        auto at_socket = [this, place, call = std::move(call)](Local& local) {
          if (ApplicationSocket* const socket = find(local, place.socket)) call(*socket);
        };
        if (!post(place.reactor, std::move(at_socket), bytes)) cut(place.reactor, {place.socket});
      },
      bytes);
}

void SocketIo::fetch_sockets(const socket_io::Emitter& emitter,
                             std::function<void(std::vector<socket_io::RemoteSocket>)> done) {
  Fetch fetch{.rest = {},
              .name_space = emitter.name_space_,
              .number = core_.make_number(),
              .done = std::move(done)};
  const std::size_t home = home_of(emitter.name_space_);
  core_.end_at(home,
               [this, target = target_of(emitter), fetch = std::move(fetch)](Local& local) mutable {
                 fetch.rest = this->home(local, fetch.name_space).places(target);
                 drop_home_if_empty(local, fetch.name_space);
                 go_on(std::move(fetch));
               });
}

/// From reactor to reactor, and at last to who has asked.
void SocketIo::go_on(Fetch fetch) {
  const std::uint64_t next = fetch.rest.empty() ? fetch.number : fetch.rest.begin()->first;
  core_.end_at(next, [this, fetch = std::move(fetch)](Local& local) mutable {
    if (fetch.rest.empty()) {
      guarded("fetch_sockets", [&] { fetch.done(std::move(fetch.found)); });
      return;
    }
    for (const Handle each : fetch.rest.begin()->second) {
      const ApplicationSocket* const socket = find(local, each);
      if (socket != nullptr) fetch.found.push_back(socket->picture());
    }
    fetch.rest.erase(fetch.rest.begin());
    go_on(std::move(fetch));
  });
}

// --- Sockets ------------------------------------------------------------------------------------

Handle SocketIo::add(Local& local, ApplicationSocket& socket) {
  return part(local).sockets.insert(&socket);
}

void SocketIo::remove(SocketIoPlace place) {
  parts_[place.reactor]->sockets.erase(place.socket);
}

void SocketIo::bury(Local& local, std::unique_ptr<ApplicationSocket> socket,
                    std::string_view reason) {
  socket->end(reason);
  remove(socket->place());
  local.reactor().defer([socket = std::move(socket)] {});
}

bool SocketIo::enroll(ApplicationSocket& socket, const std::string& pid) {
  return at_home(
      std::string(socket.name_space()),
      [this, id = socket.socket_id(), place = socket.place(), pid, rooms = socket.joined(),
       from = socket.replay_from()](Local&, SocketIoHome& home) {
        if (from && home.log() != nullptr) {
          home.log()->forget(pid);
          // Since it was asked, more may have become too old.
          if (!home.log()->reaches(*from)) return cut(place.reactor, {place.socket});
        }
        if (!home.add(id, place, pid, rooms, from)) {
          return cut(place.reactor, {place.socket});
        }
        if (from && home.log() != nullptr) {
          std::set<std::string> all(rooms.begin(), rooms.end());
          all.emplace(id.text());
          replay(place, home.log()->after(*from, all));
        }
      });
}

/// In one step: many packets must not fill the mailbox for everybody. The log bounds them.
void SocketIo::replay(SocketIoPlace place, std::vector<SocketIoPacketPtr> packets) {
  if (packets.empty()) return;
  const bool told = post(place.reactor, [this, place, packets = std::move(packets)](Local& local) {
    ApplicationSocket* const socket = find(local, place.socket);
    if (socket != nullptr) socket->take_missed(packets);
  });
  if (!told) cut(place.reactor, {place.socket});
}

bool SocketIo::join(ApplicationSocket& socket, std::string room) {
  return at_home(std::string(socket.name_space()),
                 [id = socket.socket_id(), room = std::move(room)](Local&, SocketIoHome& home) {
                   home.join(id, room);
                 });
}

bool SocketIo::leave(ApplicationSocket& socket, std::string room) {
  return at_home(std::string(socket.name_space()),
                 [id = socket.socket_id(), room = std::move(room)](Local&, SocketIoHome& home) {
                   home.leave(id, room);
                 });
}

/// After all that the socket has said before. Where the home is behind, a little later: until then
/// what is sent to it goes nowhere.
void SocketIo::withdraw(Local& local, Withdrawal withdrawal) {
  auto call = [this, withdrawal](Local& at, SocketIoHome& home) {
    home.remove(withdrawal.id, withdrawal.place, withdrawal.data, at.reactor().now());
    watch_home(at, home, withdrawal.name_space);
  };
  if (at_home(withdrawal.name_space, std::move(call))) return;
  constexpr Duration kLater = std::chrono::milliseconds(10);
  local.reactor().after(kLater, [this, &local, withdrawal = std::move(withdrawal)]() mutable {
    enter(local);
    withdraw(local, std::move(withdrawal));
  });
}

/// Nobody may ever ask a home again whose name a client has made up.
void SocketIo::watch_home(Local& local, SocketIoHome& home, const std::string& name_space) {
  if (!home.wants_pruning()) return;
  const Duration time = home.log()->limits().time + std::chrono::seconds(1);
  local.reactor().after(time, [this, &local, name_space] {
    auto& homes = part(local).homes;
    const auto found = homes.find(name_space);
    if (found == homes.end()) return;
    found->second.prune(local.reactor().now());
    watch_home(local, found->second, name_space);
    drop_home_if_empty(local, name_space);
  });
}

void SocketIo::restore(ApplicationSocket& socket, std::string pid,
                       std::optional<std::string> offset) {
  const SocketIoPlace place = socket.place();
  const bool asked = at_home(
      std::string(socket.name_space()),
      [this, place, pid = std::move(pid), offset = std::move(offset)](
          Local& local, SocketIoHome& home) { come_back(local, home, place, pid, offset); });
  if (!asked) socket.on_restored(std::nullopt);
}

void SocketIo::come_back(Local& local, SocketIoHome& home, SocketIoPlace place,
                         const std::string& pid, const std::optional<std::string>& offset) {
  std::optional<RestoredSession> restored;
  const auto seen = parse_offset(offset);
  const auto found =
      offset && !seen ? std::nullopt : home.log()->find(pid, seen, local.reactor().now());
  if (found) {
    restored = {.sid = found->session.sid,
                .pid = pid,
                .rooms = found->session.rooms,
                .data = found->session.data,
                .from = found->from};
  }
  core_.end_at(place.reactor, [this, place, restored = std::move(restored)](Local& at) mutable {
    if (ApplicationSocket* const socket = find(at, place.socket)) {
      socket->on_restored(std::move(restored));
    }
  });
}

void SocketIo::tell_answer(std::uint64_t collector, socket_io::Arguments answer) {
  const bool told =
      core_.run_at(collector, [this, collector, answer = std::move(answer)](Local& local) mutable {
        part(local).collectors.on_answer(collector, std::move(answer));
      });
  if (!told) tell_lost(collector);
}

void SocketIo::tell_lost(std::uint64_t collector) {
  core_.end_at(collector,
               [this, collector](Local& local) { part(local).collectors.on_lost(collector); });
}

}  // namespace carillon::facade
