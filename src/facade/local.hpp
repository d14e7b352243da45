// What the façade keeps on one reactor: the endpoints by id, the timers, the listeners.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>

#include "carillon/event_stream.hpp"
#include "carillon/response.hpp"
#include "carillon/web_socket.hpp"
#include "core/slot_table.hpp"
#include "facade/channel_listener.hpp"
#include "facade/timers.hpp"
#include "facade/token_checks.hpp"
#include "net/reactor.hpp"
#include "server/shard.hpp"
#include "transport/common/worker.hpp"

namespace carillon::facade {

/// Thread: its reactor's.
class Local {
 public:
  explicit Local(server::Shard& shard)
      : shard_(shard), timers_(shard.reactor()), token_checks_(shard.reactor()) {}
  Local(const Local&) = delete;
  Local& operator=(const Local&) = delete;

  std::size_t index() const { return shard_.reactor().index(); }
  net::Reactor& reactor() const { return shard_.reactor(); }
  transport::Worker& worker() const { return shard_.worker(); }
  hub::Hub& hub() const { return shard_.hub(); }
  Timers& timers() { return timers_; }
  ChannelListeners& listeners() { return listeners_; }
  TokenChecks& token_checks() { return token_checks_; }

  /// The table of one kind of endpoint.
  template <class Endpoint>
  SlotTable<Endpoint*>& table() {
    return std::get<SlotTable<Endpoint*>>(tables_);
  }
  template <class Endpoint>
  EndpointId<Endpoint> id_of(Handle handle) const {
    return {.reactor = static_cast<std::uint32_t>(index()),
            .slot = handle.slot,
            .generation = handle.generation};
  }
  /// Null: it has ended.
  template <class Endpoint>
  Endpoint* find(EndpointId<Endpoint> id) {
    Endpoint** found = table<Endpoint>().find({.slot = id.slot, .generation = id.generation});
    return found == nullptr ? nullptr : *found;
  }

 private:
  server::Shard& shard_;
  std::tuple<SlotTable<WebSocket*>, SlotTable<EventStream*>, SlotTable<Response*>> tables_;
  Timers timers_;
  ChannelListeners listeners_;
  TokenChecks token_checks_;
};

}  // namespace carillon::facade
