#include "server/secret.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/base64.hpp"
#include "core/log.hpp"
#include "core/random.hpp"
#include "net/unique_fd.hpp"

namespace carillon::server {
namespace {

constexpr std::size_t kSecretOctets = 32;

std::string read_secret(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

/// Writes `secret` where there is none yet; false when it cannot be kept.
bool keep_secret(const std::filesystem::path& path, const std::string& secret) {
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  const net::UniqueFd file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file) return false;
  const std::string line = secret + "\n";
  return ::write(file.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size());
}

}  // namespace

std::string session_secret(const ServerConfig& config) {
  if (!config.secret.empty()) return config.secret;
  const std::filesystem::path path = std::filesystem::path(config.data_dir) / "secret";
  std::string secret = read_secret(path);
  if (secret.size() >= kSecretOctets) return secret;
  secret = base64url_encode(random_octets(kSecretOctets));
  if (!keep_secret(path, secret)) {
    log::warn(
        "cannot keep a secret in {} ({}): sessions will not outlive this run; set [server] "
        "secret or --data-dir to a folder that can be written",
        path.string(), std::strerror(errno));
  }
  return secret;
}

}  // namespace carillon::server
