// What a Socket.IO client on channels is told, as packets of the main Socket.IO namespace.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/bytes.hpp"
#include "hub/types.hpp"
#include "protocol/native/message.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/settings.hpp"
#include "transport/socketio/engine_session.hpp"

namespace carillon::transport {

/// The id of an event that wants an acknowledgement.
using AckId = std::optional<std::uint64_t>;

/// Arguments are JSON values.
/// Lifetime: the session outlives it.
class EventWriter {
 public:
  using Cause = EngineSession::Cause;

  explicit EventWriter(EngineSession& session) : session_(session) {}

  /// Clients of version 2 are told no id.
  void connect(Bytes id);
  void refuse(Bytes name_space, const Problem& problem);
  void disconnect();
  void emit(Bytes event, Bytes argument, Cause cause);
  /// The acknowledgement, or the event for who asked for none.
  void reply(AckId ack, Bytes otherwise, Bytes argument);
  void publications(std::span<const hub::PublicationPtr> publications);
  void gap(Bytes channel, const Position& position);
  void unsubscribed(Bytes channel);
  void closing(const native::Closing& closing);

 private:
  bool is_version_2() const { return session_.dialect().version == engineio::Version::V3; }
  const SocketIoEvents& names() const { return session_.worker().settings().socketio.events; }

  EngineSession& session_;
};

}  // namespace carillon::transport
