#include "server/revocation_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <utility>

#include "core/log.hpp"
#include "net/unique_fd.hpp"

namespace carillon::server {
namespace {

namespace fs = std::filesystem;

/// Lines beyond twice as many as are remembered, at which the file is written anew.
constexpr std::size_t kSpareLines = 1'000;

Timestamp wall_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
}

/// Makes a new name in the folder outlive the machine. Errors: an errno.
Result<void, int> sync_folder(const fs::path& folder) {
  const net::UniqueFd opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened || ::fsync(opened.get()) != 0) return std::unexpected(errno);
  return {};
}

}  // namespace

RevocationLog::RevocationLog(const std::string& data_directory, Timestamp now)
    : path_(fs::path(data_directory) / "revocations") {
  if (read(now)) {
    if (const auto written = write_anew(); !written) throw std::runtime_error(written.error());
  }
  thread_ = std::jthread([this] { run(); });
}

RevocationLog::~RevocationLog() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_one();
}

bool RevocationLog::read(Timestamp now) {
  std::error_code error;
  if (!fs::exists(path_, error) && !error) return false;
  std::ifstream file(path_, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || file.bad()) {
    throw std::runtime_error(
        fmt::format("{} cannot be read: {}", path_.string(), std::strerror(errno)));
  }
  const access::RevocationText read = access::read_revocations(text);
  if (read.is_foreign) {
    throw std::runtime_error(fmt::format(
        "{} is no file of revocations that this version knows: if it is not of a later one, move "
        "it away, and revoke again what should stay so",
        path_.string()));
  }
  if (read.is_torn) {
    log::warn("revocations: {} ends within a line, which was acknowledged to nobody; it is cut",
              path_.string());
  }
  if (read.damaged_lines > 0) set_damaged_aside(read.damaged_lines);
  for (const access::Revocation& revocation : read.revocations) kept_.add(revocation);
  kept_.on_time(now, kept_.size());
  if (kept_.size() > 0)
    log::info("revocations: {} in force, from {}", kept_.size(), path_.string());
  return true;
}

void RevocationLog::set_damaged_aside(std::size_t line_count) const {
  const fs::path aside = path_.string() + ".damaged";
  std::error_code error;
  fs::copy_file(path_, aside, fs::copy_options::overwrite_existing, error);
  log::error(
      "revocations: {} lines of {} are damaged; what they revoked may count again: revoke it anew. "
      "The file is kept as {}",
      line_count, path_.string(), aside.string());
}

void RevocationLog::keep(access::Revocation revocation, net::Reactor& asker, Done done) {
  {
    const std::scoped_lock lock(mutex_);
    if (requests_.size() < kMostWaitingRevocations) {
      requests_.push_back({std::move(revocation), &asker, std::move(done)});
      return woken_.notify_one();
    }
  }
  done(std::unexpected(fmt::format("{} revocations wait for the disk", kMostWaitingRevocations)));
}

// --- The thread -------------------------------------------------------------------------------

void RevocationLog::run() {
  for (;;) {
    std::vector<Request> taken;
    {
      std::unique_lock lock(mutex_);
      woken_.wait(lock, [this] { return stopping_ || !requests_.empty(); });
      taken = std::exchange(requests_, {});
      if (taken.empty()) return;
    }
    const auto outcome = write(taken);
    if (!outcome) log::error("revocations: {}", outcome.error());
    for (Request& request : taken) {
      request.asker->post_control(
          [done = std::move(request.done), outcome]() mutable { done(std::move(outcome)); });
    }
  }
}

Result<void, std::string> RevocationLog::write(std::span<const Request> requests) {
  kept_.on_time(wall_clock(), kept_.size());
  for (const Request& request : requests) kept_.add(request.revocation);
  if (line_count_ <= 2 * kept_.size() + kSpareLines && append(requests)) return {};
  return write_anew();
}

/// False: what is in the file now is not known, or there is none.
bool RevocationLog::append(std::span<const Request> requests) {
  if (!file_) return false;
  std::string lines;
  for (const Request& request : requests) append_revocation(lines, request.revocation);
  if (file_->append(lines) && file_->sync()) {
    line_count_ += requests.size();
    return true;
  }
  file_.reset();
  return false;
}

/// Beside the old file, and then in its place: there is always a whole one.
Result<void, std::string> RevocationLog::write_anew() {
  file_.reset();
  std::string text(access::kRevocationMagic);
  kept_.for_each([&](const access::Revocation& each) { append_revocation(text, each); });
  const fs::path beside = path_.string() + ".new";
  const auto cannot = [&](int error) {
    return std::unexpected(
        fmt::format("{} cannot be written: {}", path_.string(), std::strerror(error)));
  };
  std::error_code error;
  fs::create_directories(path_.parent_path(), error);
  auto created = cluster::durable::OutputFile::create(beside, {});
  if (!created) return cannot(created.error());
  if (const auto appended = created->append(text); !appended) return cannot(appended.error());
  if (const auto synced = created->sync(); !synced) return cannot(synced.error());
  fs::rename(beside, path_, error);
  if (error) return cannot(error.value());
  if (const auto synced = sync_folder(path_.parent_path()); !synced) return cannot(synced.error());
  file_ = *std::move(created);
  line_count_ = kept_.size();
  return {};
}

}  // namespace carillon::server
