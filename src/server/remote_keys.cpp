#include "server/remote_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/check.hpp"
#include "core/log.hpp"
#include "core/random.hpp"
#include "server/token_keys.hpp"

namespace carillon::server {
namespace {

using std::chrono::seconds;

/// How long a fetch may take: nobody waits for it.
constexpr Duration kFetchTime = seconds(10);
/// After a failure it is tried again so soon, then half as often each time, up to the longest.
constexpr Duration kFirstRetry = seconds(1);
constexpr Duration kLongestRetry = seconds(30);
/// Unknown keys are no reason to fetch again for so long: anybody can name one.
constexpr Duration kDeafTime = seconds(30);

/// Somewhere in the last fifth before `delay` is over, so that nodes do not all come at once.
Duration with_jitter(Duration delay) {
  constexpr std::uint64_t kSteps = 1000;
  const auto step = static_cast<Duration::rep>(random_u64() % kSteps);
  return delay - delay / 5 * step / static_cast<Duration::rep>(kSteps);
}

Result<access::KeyRing, std::string> read_keys(
    const Result<outgoing::Answer, outgoing::Failure>& answer) {
  if (!answer) return std::unexpected(answer.error().text);
  constexpr int kOk = 200;
  if (answer->status != kOk) {
    return std::unexpected(fmt::format("its answer has the status {}", answer->status));
  }
  access::KeyRing keys;
  if (auto added = keys.add_jwks(answer->body); !added) return std::unexpected(added.error());
  return keys;
}

}  // namespace

RemoteKeys::RemoteKeys(net::Reactor& reactor, backend::Lookups& lookups)
    : reactor_(reactor), names_(reactor, lookups) {}

RemoteKeys::~RemoteKeys() {
  stop();
}

void RemoteKeys::begin(transport::Probe& probe, OnChange on_change) {
  probe_ = &probe;
  on_change_ = std::move(on_change);
}

void RemoteKeys::use(const TokenConfig& config) {
  refresh_ = config.keys_refresh;
  const std::string url = is_key_url(config.keys) ? config.keys : std::string{};
  if (url != configured_) point_at(url);
  fetch();
}

void RemoteKeys::stop() {
  reactor_.cancel(std::exchange(next_fetch_, {}));
  pool_.reset();
  fetching_ = false;
}

void RemoteKeys::point_at(const std::string& url) {
  stop();
  configured_ = url;
  keys_ = {};
  text_.clear();
  failing_ = false;
  retry_ = kFirstRetry;
  url_.reset();
  if (url.empty()) return;
  auto parsed = backend::CallUrl::parse(url);
  CARILLON_CHECK(parsed.has_value());
  url_ = *std::move(parsed);
  pool_ = std::make_unique<backend::HttpPool>(reactor_, names_,
                                              backend::PoolOptions{.server = url_->server,
                                                                   .time_limit = kFetchTime,
                                                                   .answer_bytes = kMostKeySetBytes,
                                                                   .connections = 1});
}

void RemoteKeys::on_unknown_key() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  auto until = deaf_until_.load(std::memory_order_relaxed);
  if (now.count() < until) return;
  const auto next = std::chrono::steady_clock::duration(now + kDeafTime).count();
  if (!deaf_until_.compare_exchange_strong(until, next)) return;
  reactor_.post_control([this] {
    if (fetching_) return deaf_until_.store(0);  // what is on its way may not have the key yet
    fetch();
  });
}

void RemoteKeys::fetch() {
  if (!pool_ || std::exchange(fetching_, true)) return;
  reactor_.cancel(std::exchange(next_fetch_, {}));
  outgoing::HttpRequest request{.target = url_->target};
  request.fields.add("Accept", "application/jwk-set+json, application/json");
  pool_->call(std::move(request), [this](const Answer& answer) { on_answer(answer); });
}

void RemoteKeys::on_answer(const Answer& answer) {
  fetching_ = false;
  auto keys = read_keys(answer);
  if (!keys) return keep(keys.error());
  take(*std::move(keys), answer->body);
}

void RemoteKeys::take(access::KeyRing keys, const std::string& text) {
  ++probe_->fetched_keys;
  retry_ = kFirstRetry;
  fetch_in(with_jitter(refresh_));
  const bool is_other = text != text_;
  if (std::exchange(failing_, false) || is_other) {
    log::info("[access] token_keys {}: {} keys", url_->to_text(), keys.size());
  }
  if (!is_other) return;
  keys_ = std::move(keys);
  text_ = text;
  on_change_();
}

void RemoteKeys::keep(const std::string& why) {
  ++probe_->failed_key_fetches;
  fetch_in(with_jitter(std::min(retry_, refresh_)));
  retry_ = std::min(2 * retry_, kLongestRetry);
  if (std::exchange(failing_, true)) return;
  log::error(
      "[access] token_keys {}: {}; {} until there is an answer that counts", url_->to_text(), why,
      keys_.empty() ? "tokens signed with its keys are refused" : "the keys from before are used");
}

void RemoteKeys::fetch_in(Duration delay) {
  reactor_.cancel(next_fetch_);
  next_fetch_ = reactor_.after(delay, [this] { fetch(); });
}

}  // namespace carillon::server
