// What is emitted: ordered at the home of its Socket.IO namespace, and delivered from there.
#include <stdexcept>
#include <utility>

#include "facade/socket_io/io.hpp"
#include "protocol/engineio/packet.hpp"
#include "protocol/json/writer.hpp"
#include "protocol/socketio/encode.hpp"
#include "protocol/websocket/frame.hpp"

namespace carillon::facade {

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
  emission->ack_time = emitter.timeout_;
  const auto time = emitter.timeout_;
  core_.end_at(number, [this, number, time, done = std::move(done),
                        emission = *std::move(emission)](Local& local) mutable {
    part(local).collectors.begin(number, std::move(done), time);
    if (!send(std::move(emission))) part(local).collectors.fail(number, "unavailable");
  });
}

bool SocketIo::send(Emission emission) {
  const std::size_t home = home_of(emission.name_space);
  const std::size_t bytes = emission.payload.bytes() + emission.event.size();
  return post(
      home,
      [this, emission = std::move(emission)](Local& local) mutable {
        const std::string name_space = emission.name_space;
        order(local, std::move(emission));
        drop_home_if_empty(local, name_space);
      },
      bytes);
}

/// The packet as it leaves, for all whom it is for.
SocketIoPacketPtr SocketIo::encode(const Local& local, const Emission& emission) {
  const SocketIoPayload& payload = emission.payload;
  std::string text(1, engineio::digit_of(engineio::PacketType::Message));
  socketio::append_event(text, {.name_space = emission.name_space, .id = emission.ack},
                         emission.event, payload.arguments, payload.attachments.size());
  const websocket::EncodedFrameHeader header(
      {.opcode = websocket::Opcode::Text, .mask = {}, .payload_bytes = text.size()});
  SocketIoPacket packet{.frame = SharedBytes::joined(header.view(), text),
                        .header_bytes = header.view().size() + 1,
                        .attachments = payload.attachments,
                        .ack = emission.ack,
                        .collector = emission.collector,
                        .is_volatile = emission.is_volatile};
  if (emission.ack_time) packet.ack_until = local.reactor().now() + *emission.ack_time;
  return std::make_shared<const SocketIoPacket>(std::move(packet));
}

/// At home: from here on everybody gets it in this order.
void SocketIo::order(Local& local, Emission emission) {
  const std::string& name_space = emission.name_space;
  const bool is_kept = !emission.is_volatile && !emission.ack;
  RecoveryLog* const log = is_kept ? home(local, name_space).log() : nullptr;
  const std::uint64_t number = log == nullptr ? 0 : log->next_number();
  if (log != nullptr) {
    if (!emission.payload.arguments.empty()) emission.payload.arguments.push_back(',');
    json::append_string(emission.payload.arguments, std::to_string(number));
  }
  SocketIoPacketPtr packet = encode(local, emission);
  if (log != nullptr) log->append(packet, emission.target, local.reactor().now());
  if (packet->is_plain()) {
    return send_together(local, emission, std::move(packet), number);
  }
  deliver_parcels(local, name_space);
  const SocketIoPlaces places = home(local, name_space).places(emission.target, number);
  if (emission.ack) {
    std::size_t count = 0;
    for (const auto& [reactor, sockets] : places) count += sockets.size();
    core_.end_at(emission.collector, [this, count, of = emission.collector](Local& asking) {
      part(asking).collectors.on_asked(of, count);
    });
  }
  deliver(places, make_parcel({std::move(packet)}));
}

/// At the end of the tick, unless something has to come behind it before.
void SocketIo::send_together(Local& local, const Emission& emission, SocketIoPacketPtr packet,
                             std::uint64_t number) {
  const std::string& name_space = emission.name_space;
  if (!home(local, name_space).parcels().takes(emission.target, *packet)) {
    deliver_parcels(local, name_space);
  }
  SocketIoParcels& parcels = home(local, name_space).parcels();
  if (!parcels.takes(emission.target, *packet)) {
    // Whoever has heard of that has emitted something else, which comes behind this.
    const SocketIoPlaces places = home(local, name_space).places(emission.target, number);
    return deliver(places, make_parcel({std::move(packet)}));
  }
  const bool is_first = parcels.is_empty();
  parcels.add(emission.target, std::move(packet), number);
  if (!is_first) return;
  local.reactor().defer([this, &local, name_space] {
    enter(local);
    deliver_parcels(local, name_space);
    drop_home_if_empty(local, name_space);
  });
}

/// Whoever hears of it may do anything; the home may be another one afterwards.
void SocketIo::deliver_parcels(Local& local, const std::string& name_space) {
  auto& homes = part(local).homes;
  const auto found = homes.find(name_space);
  if (found == homes.end() || found->second.parcels().is_empty()) return;
  SocketIoParcels::Waiting waiting = found->second.parcels().take();
  const SocketIoPlaces places = found->second.places(waiting.target, waiting.last_number);
  deliver(places, make_parcel(std::move(waiting.packets)));
}

/// A reactor that cannot be told loses those clients: they would have missed something.
void SocketIo::deliver(const SocketIoPlaces& places, const SocketIoParcelPtr& parcel) {
  std::size_t bytes = 0;
  for (const SocketIoPacketPtr& each : parcel->packets) bytes += each->bytes();
  const SocketIoPacket& first = *parcel->packets.front();  // the only one that may want answers
  for (const auto& [reactor, sockets] : places) {
    const bool told = post(
        reactor,
        [this, parcel, meant = sockets](Local& local) {
          for (const Handle each : meant) {
            ApplicationSocket* const socket = find(local, each);
            if (socket != nullptr) socket->take(*parcel);
            const SocketIoPacket& asking = *parcel->packets.front();
            if (socket == nullptr && asking.ack) tell_lost(asking.collector);
          }
        },
        bytes);
    if (told) continue;
    for (std::size_t i = 0; first.ack && i < sockets.size(); ++i) tell_lost(first.collector);
    cut(reactor, sockets);
  }
}

void SocketIo::cut(std::uint32_t reactor, std::vector<Handle> sockets) {
  core_.end_at(reactor, [this, sockets = std::move(sockets)](Local& local) {
    for (const Handle each : sockets) {
      if (ApplicationSocket* const socket = find(local, each)) socket->give_up();
    }
  });
}

}  // namespace carillon::facade
