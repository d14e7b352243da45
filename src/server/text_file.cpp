#include "server/text_file.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <system_error>

#include "core/log.hpp"
#include "net/unique_fd.hpp"

namespace carillon::server {
namespace {

constexpr std::size_t kMostFileBytes = 1024 * 1024;

bool write_whole(const std::filesystem::path& path, const std::string& text) {
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  std::string name = path.string() + ".XXXXXX";
  const net::UniqueFd file(::mkostemp(name.data(), O_CLOEXEC));  // its mode is 0600
  if (!file) return false;
  const bool is_whole =
      ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      ::rename(name.c_str(), path.c_str()) == 0;
  if (is_whole) return true;
  const int reason = errno;
  ::unlink(name.c_str());
  errno = reason;
  return false;
}

}  // namespace

Result<std::string, std::string> read_text_file(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text(kMostFileBytes + 1, '\0');
  if (!file.read(text.data(), static_cast<std::streamsize>(text.size())) && !file.eof()) {
    return std::unexpected(std::string("cannot be read: ") + std::strerror(errno));
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMostFileBytes) return std::unexpected("is larger than 1 MiB");
  return text;
}

bool keep_private_file(const std::filesystem::path& path, const std::string& text) {
  if (write_whole(path, text)) return true;
  log::warn("cannot keep {} ({}): it will be made again at the next start", path.string(),
            std::strerror(errno));
  return false;
}

}  // namespace carillon::server
