#include "facade/core.hpp"

#include <utility>

#include "facade/access.hpp"
#include "facade/guard.hpp"
#include "facade/settings.hpp"
#include "facade/wire_form.hpp"

namespace carillon::facade {
namespace {

/// The reactor of this thread, once one of its handlers has run.
thread_local Local* this_thread = nullptr;

server::Config prepared_config(const ServerOptions& options) {
  server::Config config = config_of(options);
  set_up_logging(config.server.log_format, config.server.log_level);
  return config;
}

std::optional<net::PreparedSignals> prepared_signals(const ServerOptions& options) {
  if (options.signals == Signals::Ignore) return std::nullopt;
  try {
    return std::optional<net::PreparedSignals>(std::in_place);
  } catch (const std::logic_error& taken) {
    throw std::logic_error(std::string("carillon::Server: ") + taken.what() +
                           "; make all but one with Signals::Ignore, and stop() them");
  }
}

}  // namespace

Core::Core(const ServerOptions& options)
    : signals_(prepared_signals(options)),
      config_(prepared_config(options)),
      node_(config_, options.pages ? server::PageSet::Own : server::PageSet::None,
            [options] { return load_settings(options); }),
      data_event_(node_.add_wire_form("sse_data", [](auto&) { return encode_data_event; })) {
  data_frames_[0] = add_data_frame(0);
  for (std::size_t i = 0; i < node_.shard_count(); ++i) {
    locals_.push_back(std::make_unique<Local>(node_.shard(i)));
    waiting_.emplace_back();
  }
  node_.access_hooks() = access_hooks(*this, options.access);
}

hub::WireFormId Core::add_data_frame(std::uint8_t window_bits) {
  std::string name = "websocket_data";
  if (window_bits != 0) name += "_deflate_" + std::to_string(window_bits);
  return node_.add_wire_form(name, [window_bits](server::Shard& shard) -> hub::Encoder {
    transport::Worker& worker = shard.worker();
    return [window_bits, &settings = worker.settings().websocket.compression,
            &pool = worker.deflate_pool()](const hub::Publication& publication, std::string& out) {
      encode_data_frame(publication, out, window_bits, settings, pool);
    };
  });
}

void Core::compress_frames() {
  if (std::exchange(compresses_frames_, true)) return;
  for (std::uint8_t bits = websocket::kLeastWindowBits; bits <= websocket::kMostWindowBits;
       ++bits) {
    data_frames_[bits] = add_data_frame(bits);
  }
}

Local& Core::enter(transport::Worker& worker) {
  this_thread = locals_[worker.reactor().index()].get();
  return *this_thread;
}

Local* Core::here() const {
  for (const auto& local : locals_) {
    if (local.get() == this_thread) return this_thread;
  }
  return nullptr;
}

net::Task Core::wrapped(Local& local, Task task, WaitingBytes::Place place) {
  return [this, &local, call = std::move(task), place = std::move(place)]() mutable {
    enter(local.worker());
    local.worker().probe().refused_posts += waiting_[local.index()].take_refusals();
    guarded("a posted task", [&] { call(local); });
  };
}

bool Core::post_to(std::size_t reactor, Task task, std::size_t bytes) {
  auto place = waiting_[reactor].take(bytes);
  if (!place) return false;
  Local& local = *locals_[reactor];
  net::Task call = wrapped(local, std::move(task), *std::move(place));
  Local* from = here();
  if (from == nullptr || from == &local) return local.reactor().post(std::move(call));
  return from->reactor().mailbox_to(reactor).try_send(call);
}

std::uint64_t Core::make_number() {
  const Local* local = here();
  const std::uint64_t reactor = local == nullptr ? 0 : local->index();
  return next_number_.fetch_add(1, std::memory_order_relaxed) << kReactorBits | reactor;
}

Local* Core::here_for(std::uint64_t number) const {
  Local* local = here();
  return local != nullptr && local->index() == reactor_of(number) ? local : nullptr;
}

bool Core::run_at(std::uint64_t number, Task task, std::size_t bytes) {
  if (!knows(reactor_of(number))) return false;
  if (Local* local = here_for(number)) {
    task(*local);
    return true;
  }
  auto place = waiting_[reactor_of(number)].take(bytes);
  if (!place) return false;
  Local& local = *locals_[reactor_of(number)];
  return local.reactor().post(wrapped(local, std::move(task), *std::move(place)));
}

void Core::end_at(std::uint64_t number, Task task) {
  if (!knows(reactor_of(number))) return;
  if (Local* local = here_for(number)) return task(*local);
  Local& local = *locals_[reactor_of(number)];
  local.reactor().post_control(wrapped(local, std::move(task)));
}

}  // namespace carillon::facade
