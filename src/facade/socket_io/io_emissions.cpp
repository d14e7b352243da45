// What is emitted: ordered at the home of its Socket.IO namespace, and delivered from there.
#include <stdexcept>
#include <utility>

#include "facade/socket_io/io.hpp"
#include "protocol/engineio/packet.hpp"
#include "protocol/json/writer.hpp"
#include "protocol/socketio/encode.hpp"
#include "protocol/websocket/frame.hpp"

namespace carillon::facade {
namespace {

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

}  // namespace

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
    if (emission.ack_time) marked->ack_until = local.reactor().now() + *emission.ack_time;
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
    if (told) continue;
    for (std::size_t i = 0; packet->ack && i < sockets.size(); ++i) tell_lost(packet->collector);
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
