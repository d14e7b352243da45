// The keys of `[access] token_keys` where that is a URL: fetched, kept, and fetched again.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "access/key_ring.hpp"
#include "backend/call_url.hpp"
#include "backend/http_pool.hpp"
#include "backend/lookups.hpp"
#include "backend/name_cache.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "net/reactor.hpp"
#include "server/config.hpp"
#include "transport/common/key_source.hpp"
#include "transport/common/probe.hpp"

namespace carillon::server {

/// Fetches at the start, every `token_keys_refresh_s`, and when a token names a key that is not
/// known (at most every 30 seconds). Keys that were fetched once stay until others are: a back end
/// that is down or answers nonsense takes nothing away. Before the first there are none.
/// Thread:   its reactor's, but for `on_unknown_key`; before that runs, the one that made it.
/// Lifetime: reactor and lookups outlive it; destroyed when the reactor has stopped.
class RemoteKeys final : public transport::KeySource {
 public:
  using OnChange = std::move_only_function<void()>;

  RemoteKeys(net::Reactor& reactor, backend::Lookups& lookups);
  ~RemoteKeys() override;

  /// Before `use`. `on_change` is called whenever there are other keys; not within `use`.
  void begin(transport::Probe& probe, OnChange on_change);
  /// From now on the keys are from there, and are fetched now; from no URL there are none.
  void use(const TokenConfig& config);
  /// Fetches nothing more, and has no connection.
  void stop();

  const access::KeyRing& keys() const { return keys_; }

  void on_unknown_key() override;

 private:
  using Answer = Result<outgoing::Answer, outgoing::Failure>;

  void point_at(const std::string& url);
  void fetch();
  void on_answer(const Answer& answer);
  void take(access::KeyRing keys, const std::string& text);
  void keep(const std::string& why);
  void fetch_in(Duration delay);

  net::Reactor& reactor_;
  backend::NameCache names_;
  transport::Probe* probe_ = nullptr;
  OnChange on_change_;
  std::string configured_;  // the URL as it was written
  std::optional<backend::CallUrl> url_;
  std::unique_ptr<backend::HttpPool> pool_;
  Duration refresh_{};
  Duration retry_{};
  net::TimerId next_fetch_;
  access::KeyRing keys_;
  std::string text_;  // that the keys were in
  bool fetching_ = false;
  bool failing_ = false;                                       // told on the log
  std::atomic<std::chrono::steady_clock::rep> deaf_until_{0};  // to unknown keys
};

}  // namespace carillon::server
