#include "server/secret.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "core/base64.hpp"
#include "core/log.hpp"
#include "core/random.hpp"
#include "net/unique_fd.hpp"

namespace carillon::server {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSecretOctets = 32;

/// Empty: there is none. Nothing: it cannot be read, and so must not be replaced.
std::optional<std::string> read_secret(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return errno == ENOENT ? std::optional(std::string()) : std::nullopt;
  std::string text{std::istreambuf_iterator<char>(file), {}};
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

/// A new file beside `path` that holds all of `text`: of a name of its own, since what a full disk
/// cuts short must not be taken for a secret.
std::optional<std::string> write_beside(const fs::path& path, const std::string& text) {
  std::string name = path.string() + ".XXXXXX";
  const net::UniqueFd file(::mkostemp(name.data(), O_CLOEXEC));
  if (!file) return std::nullopt;
  const bool is_whole =
      ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      ::fsync(file.get()) == 0;
  if (is_whole) return name;
  const int error = errno;
  ::unlink(name.c_str());
  errno = error;
  return std::nullopt;
}

/// Writes `secret` where there is none yet, or one cut short; the one that is there afterwards,
/// which another process may have made meanwhile, or nothing when none can be kept.
std::optional<std::string> keep_secret(const fs::path& path, const std::string& secret) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  const std::optional<std::string> written = write_beside(path, secret + "\n");
  if (!written) return std::nullopt;
  if (::link(written->c_str(), path.c_str()) != 0) {
    const std::optional<std::string> present = read_secret(path);
    if (present && present->size() < kSecretOctets) ::rename(written->c_str(), path.c_str());
  }
  const int reason = errno;
  ::unlink(written->c_str());
  errno = reason;
  std::optional<std::string> kept = read_secret(path);
  return kept && kept->size() >= kSecretOctets ? kept : std::nullopt;
}

}  // namespace

std::string session_secret(const ServerConfig& config) {
  if (!config.secret.empty()) return config.secret;
  const fs::path path = fs::path(config.data_dir) / "secret";
  const std::optional<std::string> present = read_secret(path);
  if (present && present->size() >= kSecretOctets) return *present;
  const std::string secret = base64url_encode(random_octets(kSecretOctets));
  if (present) {
    if (const std::optional<std::string> kept = keep_secret(path, secret)) return *kept;
  }
  log::warn(
      "cannot keep a secret in {} ({}): sessions will not outlive this run; set [server] "
      "secret or --data-dir to a folder that can be written",
      path.string(), std::strerror(errno));
  return secret;
}

}  // namespace carillon::server
