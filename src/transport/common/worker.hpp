// Everything a transport works with on one reactor, wired by the server.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "access/revocations.hpp"
#include "core/random.hpp"
#include "core/slot_table.hpp"
#include "core/time.hpp"
#include "hub/hub.hpp"
#include "hub/session_directory.hpp"
#include "net/reactor.hpp"
#include "outgoing/resolver.hpp"
#include "protocol/websocket/deflate_pool.hpp"
#include "transport/common/access_hooks.hpp"
#include "transport/common/probe.hpp"
#include "transport/common/settings.hpp"

namespace carillon::transport {

class ConnectCalls;
class Endpoint;
class Exchange;
class KeySource;
class RevocationKeeper;
class Router;
class Worker;

/// A connection that wants to say goodbye before the server stops.
class Drainable {
 public:
  virtual ~Drainable() = default;
  /// Tell the client to come back after so long, answer what is under way, and close.
  virtual void drain(Duration reconnect_after) = 0;
  /// What the client holds open itself, not by an exchange; null: nothing that back ends have a say
  /// in.
  virtual Endpoint* endpoint() { return nullptr; }
};

/// By reactor index. Filled before the first reactor runs, constant from then on.
using Workers = std::vector<Worker*>;

/// Questions to all reactors that a reactor has under way for back ends; then they are refused.
/// Each looks at every connection, so that few at a time are quicker than many.
inline constexpr std::size_t kMostRounds = 16;

/// WebSocket frames of one encoding: as they are, and compressed for each window that clients ask
/// for. Without compression only the first is registered.
struct FrameFormIds {
  hub::WireFormId plain;
  std::array<hub::WireFormId, websocket::kMostWindowBits + 1> deflated;  // by window bits
};

/// The wire forms of the transports, as the hub numbers them.
struct WireFormIds {
  hub::WireFormId list_item;  // polls
  hub::WireFormId event;      // SSE with several channels: without `id:`
  hub::WireFormId event_id;   // SSE with one channel: with its `id:`
  FrameFormIds text_frame;    // WebSocket, JSON
  FrameFormIds binary_frame;  // WebSocket, CBOR
  hub::WireFormId socketio;   // WebSocket frames with events of Socket.IO; polls are sent the same
};

/// Lifetime: all of it outlives the worker.
struct WorkerParts {
  net::Reactor& reactor;
  hub::Hub& hub;
  hub::SessionDirectory& sessions;
  const Settings& settings;
  SharedLimits& limits;
  const Router& router;
  const AccessHooks& hooks;
  WireFormIds wire_forms;
  websocket::DeflatePool& deflate_pool;
  outgoing::Resolver& resolver;
  KeySource* key_source = nullptr;                // null: keys are in files alone
  const Workers& workers;                         // of all reactors
  RevocationKeeper* revocation_keeper = nullptr;  // null: they end with the process
};

/// Thread:   its reactor's.
/// Lifetime: outlives every connection of its reactor.
class Worker {
 public:
  explicit Worker(const WorkerParts& parts);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  net::Reactor& reactor() { return parts_.reactor; }
  hub::Hub& hub() { return parts_.hub; }
  const Settings& settings() const { return parts_.settings; }
  SharedLimits& limits() const { return parts_.limits; }
  const Router& router() const { return parts_.router; }
  const AccessHooks& hooks() const { return parts_.hooks; }
  hub::SessionDirectory& sessions() { return parts_.sessions; }
  const WireFormIds& wire_forms() const { return parts_.wire_forms; }
  websocket::DeflatePool& deflate_pool() { return parts_.deflate_pool; }
  Probe& probe() { return probe_; }
  KeySource* key_source() { return parts_.key_source; }
  /// Null where the application is not asked who a client is.
  ConnectCalls* connect_calls() { return connect_calls_.get(); }
  const Workers& workers() const { return parts_.workers; }

  /// The same on all reactors, once a revocation has been answered.
  access::Revocations& revocations() { return revocations_; }
  RevocationKeeper* revocation_keeper() { return parts_.revocation_keeper; }

  /// One question to all reactors begins; false, and counted, where there are too many already.
  [[nodiscard]] bool begin_round() {
    if (round_count_ < kMostRounds) return ++round_count_ > 0;
    ++probe_.refused_rounds;
    return false;
  }
  void end_round() { --round_count_; }

  /// Exchanges that wait for an answer, for whoever gives it later.
  SlotTable<Exchange*>& exchanges() { return exchanges_; }
  Exchange* find(Handle exchange) {
    Exchange** found = exchanges_.find(exchange);
    return found == nullptr ? nullptr : *found;
  }
  SlotTable<Drainable*>& drainables() { return drainables_; }

  /// True from the moment the server wants to stop: no connection persists any more.
  bool draining() const { return draining_; }
  void start_draining(Duration spread);
  /// What one client is told then: a moment within the spread, so that they do not come at once.
  Duration reconnect_after() const {
    const auto parts = static_cast<std::uint64_t>(reconnect_spread_.count()) + 1;
    return Duration(static_cast<Duration::rep>(random_u64() % parts));
  }

 private:
  WorkerParts parts_;
  Probe probe_;
  std::unique_ptr<ConnectCalls> connect_calls_;
  SlotTable<Exchange*> exchanges_;
  SlotTable<Drainable*> drainables_;
  access::Revocations revocations_;
  std::size_t round_count_ = 0;
  bool draining_ = false;
  Duration reconnect_spread_{};
};

}  // namespace carillon::transport
