#include "server/tls_keeper.hpp"

#include <sys/stat.h>

#include <memory>
#include <stdexcept>
#include <utility>

#include "core/check.hpp"
#include "core/log.hpp"

namespace carillon::server {
namespace {

/// A certificate that ends sooner is worth a warning: renewal has probably failed.
constexpr std::chrono::days kWorryTime{14};

void warn_of_end(const net::TlsCertificate& certificate, Timestamp now) {
  const std::chrono::microseconds left(certificate.expires().microseconds - now.microseconds);
  if (left > kWorryTime) return;
  log::warn("[tls] the certificate for {} expires in {} hours: renew it",
            certificate.names().empty() ? "no name" : certificate.names().front(),
            std::chrono::duration_cast<std::chrono::hours>(left).count());
}

/// The options have been tried with these certificates.
void admit(net::TlsEntrance& entrance, const net::TlsOptions& options,
           const std::shared_ptr<const net::TlsCertificates>& certificates, Duration time) {
  auto context = net::TlsContext::make(options, certificates, entrance.ticket_keys());
  CARILLON_CHECK(context.has_value());
  entrance.use(*std::move(context), time);
}

}  // namespace

void TlsKeeper::start() {
  if (!uses_tls(config_)) return;
  hand_out(net::TicketKey::make());
  seen_ = stamps();
  if (const auto loaded = load(); !loaded) throw std::runtime_error(loaded.error());
  running_ = true;
  rotate_ticket_key();
  watch_files();
}

void TlsKeeper::reload() {
  if (!running_) return;
  seen_ = stamps();
  if (const auto loaded = load(); !loaded) {
    return log::error("{}; the certificates stay as they were", loaded.error());
  }
  log::info("[tls] new connections get the certificates that were just read");
}

Result<void, std::string> TlsKeeper::load() {
  const Timestamp now = shards_.front()->reactor().wall_clock();
  const TlsMaterial material = TRY(load_tls(config_, now));
  // Every reactor makes its own; what is wrong with one is wrong with all.
  net::TicketKeys none;
  TRY(net::TlsContext::make(material.options, material.certificates, none));
  for (const net::TlsCertificate& each : material.certificates->all()) warn_of_end(each, now);
  hand_out(material);
  return {};
}

void TlsKeeper::hand_out(const TlsMaterial& material) {
  for (const auto& owned : shards_) {
    auto use = [shard = owned.get(), material, time = Duration(config_.tls.handshake)] {
      net::TlsOptions turn_options = material.options;
      turn_options.application_protocols = {"stun.turn", "stun.nat-discovery"};  // RFC 7443 §4
      admit(shard->tls_entrance(), material.options, material.certificates, time);
      admit(shard->turn_tls_entrance(), turn_options, material.certificates, time);
    };
    // Before the reactors run nothing comes in; there must be something when it does.
    if (running_) {
      owned->reactor().post_control(std::move(use));
    } else {
      use();
    }
  }
}

void TlsKeeper::hand_out(const net::TicketKey& key) {
  for (const auto& owned : shards_) {
    auto add = [shard = owned.get(), key] {
      shard->tls_entrance().ticket_keys().add(key);
      shard->turn_tls_entrance().ticket_keys().add(key);
    };
    if (running_) {
      owned->reactor().post_control(add);
    } else {
      add();
    }
  }
}

void TlsKeeper::rotate_ticket_key() {
  shards_.front()->reactor().after(config_.tls.ticket_rotation, [this] {
    hand_out(net::TicketKey::make());
    rotate_ticket_key();
  });
}

/// Asked by the clock and not by inotify, which sees neither network drives nor what a link in
/// between is turned to.
void TlsKeeper::watch_files() {
  if (config_.tls.check == std::chrono::seconds(0)) return;
  shards_.front()->reactor().after(config_.tls.check, [this] {
    if (stamps() != seen_) {
      log::info("[tls] a file has changed");
      reload();
    }
    watch_files();
  });
}

std::vector<TlsKeeper::Stamp> TlsKeeper::stamps() const {
  std::vector<Stamp> stamps;
  for (const std::string& path : tls_files(config_)) {
    struct stat file{};
    Stamp stamp;
    if (::stat(path.c_str(), &file) == 0) {
      constexpr std::int64_t kSecond = 1'000'000'000;
      stamp = {.modified_nanoseconds = file.st_mtim.tv_sec * kSecond + file.st_mtim.tv_nsec,
               .inode = file.st_ino,
               .size = file.st_size};
    }
    stamps.push_back(stamp);
  }
  return stamps;
}

}  // namespace carillon::server
