#include "server/shard.hpp"

#include <sys/epoll.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "transport/common/publication_json.hpp"
#include "transport/socketio/wire_form.hpp"
#include "transport/sse/wire_form.hpp"
#include "transport/websocket/wire_form.hpp"

namespace carillon::server {
namespace {

/// Once the server stops: how long a handshake that is under way may still take.
constexpr Duration kLastHandshakeTime = std::chrono::milliseconds(250);

/// Revocations that are forgotten in one time step: a few microseconds' work.
constexpr std::size_t kRevocationsPerStep = 100;

transport::WireFormIds add_wire_forms(hub::WireForms& forms, const transport::Settings& settings,
                                      websocket::DeflatePool& pool) {
  const transport::CompressionSettings& compression = settings.websocket.compression;
  return {
      .list_item = forms.add("poll", transport::encode_list_item),
      .event = forms.add("sse", transport::encode_event),
      .event_id = forms.add("sse_id", transport::encode_event_with_id),
      .text_frame = transport::add_frame_forms(forms, native::Encoding::Json, compression, pool),
      .binary_frame = transport::add_frame_forms(forms, native::Encoding::Cbor, compression, pool),
      .socketio = transport::add_socketio_form(forms, settings.socketio.events)};
}

std::unique_ptr<cluster::durable::JournaledBroker> make_journaled(
    cluster::MemoryBroker& memory, cluster::durable::Journal* journal, std::size_t index) {
  if (journal == nullptr) return nullptr;
  return std::make_unique<cluster::durable::JournaledBroker>(memory, journal->lane(index));
}

}  // namespace

Shard::Shard(net::Reactor& reactor, SharedParts& shared)
    : reactor_(reactor),
      courier_(reactor, shared.reactor_count),
      clock_(reactor),
      settings_(shared.live.transport),
      admin_settings_(shared.live.admin),
      redirect_settings_(shared.live.redirect),
      namespaces_(*shared.live.namespaces),
      deflate_pool_(settings_.websocket.compression.level),
      names_(reactor, shared.lookups),
      wire_form_ids_(add_wire_forms(wire_forms_, settings_, deflate_pool_)),
      memory_({.clock = clock_,
               .namespaces = namespaces_,
               .budget = shared.budget,
               .probe = hub_probe_,
               .origin = shared.origin}),
      journaled_(make_journaled(memory_, shared.journal, reactor.index())),
      home_({.courier = courier_,
             .broker = front(),
             .peers = shared.peers,
             .namespaces = namespaces_,
             .clock = clock_,
             .probe = hub_probe_}),
      sessions_(courier_, shared.peers),
      hub_({.courier = courier_,
            .peers = shared.peers,
            .wire_forms = wire_forms_,
            .namespaces = namespaces_,
            .clock = clock_,
            .probe = hub_probe_}),
      worker_(worker_parts(shared, settings_, shared.router)),
      admin_worker_(worker_parts(shared, admin_settings_, shared.admin_router)),
      redirect_worker_(worker_parts(shared, redirect_settings_, shared.router)) {
  shared.peers.hubs[reactor.index()] = &hub_;
  shared.peers.homes[reactor.index()] = &home_;
  shared.peers.session_directories[reactor.index()] = &sessions_;
  shared.workers[reactor.index()] = &worker_;
  if (shared.revocations) worker_.revocations() = shared.revocations->kept();
  if (journaled_) {
    verdicts_ =
        reactor_.watch(shared.journal->lane(reactor.index()).event_fd(), EPOLLIN, *journaled_);
    if (!verdicts_) throw std::system_error(errno, std::generic_category(), "epoll");
  }
  if (shared.turn) turn_ = std::make_unique<transport::TurnService>(reactor, *shared.turn);
  reactor_.add_tick_hook(*this);
  reactor_.add_tick_hook(http2_turns_);  // after the deliveries
  keep_time();
}

Shard::~Shard() {
  reactor_.remove_tick_hook(http2_turns_);
  reactor_.remove_tick_hook(*this);
  if (verdicts_) reactor_.unwatch(verdicts_);
}

transport::WorkerParts Shard::worker_parts(const SharedParts& shared,
                                           const transport::Settings& settings,
                                           const transport::Router& router) {
  return {.reactor = reactor_,
          .hub = hub_,
          .sessions = sessions_,
          .settings = settings,
          .limits = shared.limits,
          .router = router,
          .hooks = shared.hooks,
          .wire_forms = wire_form_ids_,
          .deflate_pool = deflate_pool_,
          .resolver = names_,
          .key_source = shared.key_source,
          .workers = shared.workers,
          .revocation_keeper = shared.revocations.get()};
}

hub::Broker& Shard::front() {
  if (journaled_) return *journaled_;
  return memory_;
}

void Shard::use(const LiveSettings& live) {
  settings_ = live.transport;
  admin_settings_ = live.admin;
  redirect_settings_ = live.redirect;
  namespaces_ = *live.namespaces;
  memory_.on_namespaces_changed();
}

void Shard::use(const std::shared_ptr<const access::TokenRules>& tokens) {
  settings_.policy.credentials.tokens = tokens;
  admin_settings_.policy.credentials.tokens = tokens;
}

void Shard::add_listener(std::unique_ptr<net::Listener> listener) {
  listeners_.push_back(std::move(listener));
}

void Shard::drain(Duration spread) {
  for (const auto& listener : listeners_) listener->stop_accepting();
  tls_entrance_.hurry(kLastHandshakeTime);
  turn_tls_entrance_.hurry(kLastHandshakeTime);
  if (turn_) turn_->drain();
  for (transport::Worker* worker : {&worker_, &admin_worker_, &redirect_worker_}) {
    worker->start_draining(spread);
    worker->drainables().for_each([worker](Handle, transport::Drainable* drainable) {
      drainable->drain(worker->reconnect_after());
    });
  }
}

bool Shard::on_tick_end() {
  const bool more = hub_.deliver();
  if (const auto due = hub_.next_flush()) reactor_.wake_within(*due);
  return more;
}

void Shard::keep_time() {
  reactor_.after(hub::limits::kTimeStep, [this] {
    hub_.on_time();
    sessions_.on_time();
    worker_.revocations().on_time(reactor_.wall_clock(), kRevocationsPerStep);
    keep_time();
  });
}

}  // namespace carillon::server
