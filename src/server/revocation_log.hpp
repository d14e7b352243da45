// Revocations that outlive the process: a file in the data directory, and the thread that writes
// it, since a reactor must not wait for a disk.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "access/revocation_text.hpp"
#include "access/revocations.hpp"
#include "cluster/durable/output_file.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "transport/common/revocation_keeper.hpp"

namespace carillon::server {

/// Revocations that wait for the disk.
inline constexpr std::size_t kMostWaitingRevocations = 10'000;

/// The file begins with the first revocation. It is written anew at the start, when it has grown to
/// far more than is remembered, and after a write that failed.
class RevocationLog final : public transport::RevocationKeeper {
 public:
  /// Reads what an earlier process kept, and tells on the log what of it is damaged.
  /// Throws std::runtime_error, with the path, where it can be neither read nor written.
  RevocationLog(const std::string& data_directory, Timestamp now);
  RevocationLog(const RevocationLog&) = delete;
  RevocationLog& operator=(const RevocationLog&) = delete;
  ~RevocationLog();

  /// What was read. Before the first keep().
  const access::Revocations& kept() const { return kept_; }

  /// All that wait are written together. Over kMostWaitingRevocations it fails.
  /// Lifetime: the asker outlives the log's thread, or takes no tasks any more.
  void keep(access::Revocation revocation, net::Reactor& asker, Done done) override;

 private:
  struct Request {
    access::Revocation revocation;
    net::Reactor* asker;
    Done done;
  };

  /// False: there is no file.
  bool read(Timestamp now);
  void set_damaged_aside(std::size_t line_count) const;
  void run();
  Result<void, std::string> write(std::span<const Request> requests);
  bool append(std::span<const Request> requests);
  Result<void, std::string> write_anew();

  const std::filesystem::path path_;
  access::Revocations kept_;  // the thread's, once there is something to keep
  std::optional<cluster::durable::OutputFile> file_;
  std::size_t line_count_ = 0;

  std::mutex mutex_;
  std::condition_variable woken_;
  std::vector<Request> requests_;  // guarded; at most kMostWaitingRevocations
  bool stopping_ = false;          // guarded
  std::jthread thread_;
};

}  // namespace carillon::server
