#include "facade/socket_io/io.hpp"

#include <charconv>
#include <stdexcept>

#include "core/hash.hpp"
#include "facade/guard.hpp"
#include "facade/socket_io/client.hpp"
#include "protocol/engineio/packet.hpp"
#include "protocol/json/writer.hpp"
#include "protocol/socketio/encode.hpp"
#include "protocol/websocket/frame.hpp"

namespace carillon::facade {
namespace {

std::optional<RecoveryLimits> recovery_limits(const socket_io::Options& options) {
  if (!options.connection_state_recovery) return std::nullopt;
  return RecoveryLimits{.time = options.connection_state_recovery->max_disconnection_duration};
}

/// The packet as it leaves, for all whom it is for.
SocketIoPacketPtr encode(Bytes name_space, Bytes event, const SocketIoPayload& payload,
                         std::optional<std::uint64_t> ack) {
  std::string text(1, engineio::digit_of(engineio::PacketType::Message));
  socketio::append_event(text, {.name_space = name_space, .id = ack}, event, payload.arguments,
                         payload.attachments.size());
  const websocket::EncodedFrameHeader header(
      {.opcode = websocket::Opcode::Text, .mask = {}, .payload_bytes = text.size()});
  SocketIoPacket packet;
  packet.frame = SharedBytes::joined(header.view(), text);
  packet.header_bytes = header.view().size() + 1;
  packet.attachments = payload.attachments;
  packet.ack = ack;
  return std::make_shared<const SocketIoPacket>(std::move(packet));
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

const SocketIoNamespace* SocketIo::find_namespace(const std::string& name,
                                                  const socket_io::Value& auth) {
  if (name == socketio::kMainNamespace) return &main_;
  const auto found = namespaces_.find(name);
  if (found != namespaces_.end()) return found->second.get();
  for (const Matched& each : matched_) {
    bool matches = false;
    guarded("a matcher of Socket.IO namespaces", [&] { matches = each.matcher(name, auth); });
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

// --- What is emitted ----------------------------------------------------------------------------

SocketIoTarget SocketIo::target_of(const socket_io::Emitter& emitter) const {
  return {.rooms = emitter.rooms_, .except = emitter.except_};
}

std::optional<SocketIo::Emission> SocketIo::emission_of(
    const socket_io::Emitter& emitter, Event event, const socket_io::Arguments& arguments) const {
  if (socketio::is_reserved_event(event)) {
    throw std::invalid_argument("\"" + std::string(event) + "\" is a reserved event name");
  }
  return Emission{.name_space = emitter.name_space_,
                  .target = target_of(emitter),
                  .event = std::string(event),
                  .payload = payload_of(arguments),
                  .is_volatile = emitter.is_volatile_};
}

bool SocketIo::emit(const socket_io::Emitter& emitter, Event event,
                    const socket_io::Arguments& arguments) {
  auto emission = emission_of(emitter, event, arguments);
  return send(*std::move(emission));
}

void SocketIo::emit_with_ack(const socket_io::Emitter& emitter, Event event,
                             const socket_io::Arguments& arguments, SocketIoCollectors::Done done) {
  auto emission = emission_of(emitter, event, arguments);
  emission->ack = next_ack_.fetch_add(1, std::memory_order_relaxed);
  const std::uint64_t number = core_.make_number();
  emission->collector = number;
  const auto time = emitter.timeout_;
  core_.end_at(number, [this, number, time, done = std::move(done),
                        emission = *std::move(emission)](Local& local) mutable {
    part(local).collectors.begin(number, std::move(done), time);
    if (!send(std::move(emission))) part(local).collectors.fail(number, "unavailable");
  });
}

bool SocketIo::send(Emission emission) {
  const std::string name_space = emission.name_space;
  const std::size_t bytes = emission.payload.bytes() + emission.event.size();
  return at_home(
      name_space,
      [this, emission = std::move(emission)](Local& local, SocketIoHome& home) mutable {
        order(local, home, std::move(emission));
      },
      bytes);
}

/// At home: from here on everybody gets it in this order.
void SocketIo::order(Local& local, SocketIoHome& home, Emission emission) {
  RecoveryLog* const log = emission.is_volatile || emission.ack.has_value() ? nullptr : home.log();
  const std::uint64_t number = log == nullptr ? 0 : log->next_number();
  if (log != nullptr) {
    if (!emission.payload.arguments.empty()) emission.payload.arguments.push_back(',');
    json::append_string(emission.payload.arguments, std::to_string(number));
  }
  auto packet = encode(emission.name_space, emission.event, emission.payload, emission.ack);
  if (emission.is_volatile || emission.ack) {
    auto marked = std::make_shared<SocketIoPacket>(*packet);
    marked->is_volatile = emission.is_volatile;
    marked->collector = emission.collector;
    packet = std::move(marked);
  }
  const SocketIoPlaces places = home.places(emission.target, number);
  if (log != nullptr) log->append(packet, std::move(emission.target), local.reactor().now());
  if (emission.ack) {
    std::size_t count = 0;
    for (const auto& [reactor, sockets] : places) count += sockets.size();
    core_.end_at(emission.collector, [this, count, number = emission.collector](Local& asking) {
      part(asking).collectors.on_asked(number, count);
    });
  }
  deliver(places, packet);
}

/// A reactor that cannot be told loses those clients: they would have missed something.
void SocketIo::deliver(const SocketIoPlaces& places, const SocketIoPacketPtr& packet) {
  for (const auto& [reactor, sockets] : places) {
    const bool told = post(
        reactor,
        [this, packet, meant = sockets](Local& local) {
          for (const Handle each : meant) {
            ApplicationSocket* const socket = find(local, each);
            if (socket != nullptr) socket->take(packet);
            if (socket == nullptr && packet->ack) tell_lost(packet->collector);
          }
        },
        packet->bytes());
    if (!told) cut(reactor, sockets);
  }
}

void SocketIo::cut(std::uint32_t reactor, std::vector<Handle> sockets) {
  core_.end_at(reactor, [this, sockets = std::move(sockets)](Local& local) {
    for (const Handle each : sockets) {
      if (ApplicationSocket* const socket = find(local, each)) socket->give_up();
    }
  });
}

// --- Everybody who is meant ---------------------------------------------------------------------

void SocketIo::at_sockets(const SocketIoPlaces& places, const SocketCall& call) {
  for (const auto& [reactor, sockets] : places) {
    core_.end_at(reactor, [this, call, meant = sockets](Local& local) {
      for (const Handle each : meant) {
        if (ApplicationSocket* const socket = find(local, each)) call(*socket);
      }
    });
  }
}

void SocketIo::sockets_join(const socket_io::Emitter& emitter, std::string room) {
  at_home(emitter.name_space_,
          [this, target = target_of(emitter), room = std::move(room)](Local&, SocketIoHome& home) {
            at_sockets(home.join_all(target, room),
                       [room](ApplicationSocket& socket) { socket.note_join(room); });
          });
}

void SocketIo::sockets_leave(const socket_io::Emitter& emitter, std::string room) {
  at_home(emitter.name_space_,
          [this, target = target_of(emitter), room = std::move(room)](Local&, SocketIoHome& home) {
            at_sockets(home.leave_all(target, room),
                       [room](ApplicationSocket& socket) { socket.note_leave(room); });
          });
}

void SocketIo::disconnect_sockets(const socket_io::Emitter& emitter, bool close) {
  at_home(emitter.name_space_,
          [this, target = target_of(emitter), close](Local&, SocketIoHome& home) {
            at_sockets(home.places(target),
                       [close](ApplicationSocket& socket) { socket.disconnect(close); });
          });
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

SocketIoPlace SocketIo::add(Local& local, ApplicationSocket& socket) {
  return {.reactor = static_cast<std::uint32_t>(local.index()),
          .socket = part(local).sockets.insert(&socket)};
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
  return at_home(socket.name_space(),
                 [this, sid = socket.id(), place = socket.place(), pid, rooms = socket.rooms(),
                  from = socket.replay_from()](Local&, SocketIoHome& home) {
                   if (!home.add(sid, place, pid, rooms)) return cut(place.reactor, {place.socket});
                   if (!from || home.log() == nullptr) return;
                   home.log()->forget(pid);
                   for (const auto& packet : home.log()->after(*from, rooms)) {
                     deliver({{place.reactor, {place.socket}}}, packet);
                   }
                 });
}

bool SocketIo::join(ApplicationSocket& socket, std::string room) {
  return at_home(socket.name_space(), [sid = socket.id(), room = std::move(room)](
                                          Local&, SocketIoHome& home) { home.join(sid, room); });
}

bool SocketIo::leave(ApplicationSocket& socket, std::string room) {
  return at_home(socket.name_space(), [sid = socket.id(), room = std::move(room)](
                                          Local&, SocketIoHome& home) { home.leave(sid, room); });
}

/// After all that the socket has said before. Where the home is behind, a little later: until then
/// what is sent to it goes nowhere.
void SocketIo::withdraw(Local& local, Withdrawal withdrawal) {
  auto call = [withdrawal](Local& at, SocketIoHome& home) {
    home.remove(withdrawal.sid, withdrawal.place, withdrawal.data, at.reactor().now());
  };
  if (at_home(withdrawal.name_space, std::move(call))) return;
  constexpr Duration kLater = std::chrono::milliseconds(10);
  local.reactor().after(kLater, [this, &local, withdrawal = std::move(withdrawal)]() mutable {
    enter(local);
    withdraw(local, std::move(withdrawal));
  });
}

void SocketIo::restore(ApplicationSocket& socket, std::string pid,
                       std::optional<std::string> offset) {
  const SocketIoPlace place = socket.place();
  const bool asked = at_home(
      socket.name_space(),
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
