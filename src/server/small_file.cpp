#include "server/small_file.hpp"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fstream>

namespace carillon::server {
namespace {

constexpr std::size_t kMostFileBytes = 1024 * 1024;

}  // namespace

Result<std::string, std::string> read_small_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMostFileBytes + 1, '\0');
  if (!file.read(text.data(), static_cast<std::streamsize>(text.size())) && !file.eof()) {
    return std::unexpected(std::string("cannot be read: ") + std::strerror(errno));
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMostFileBytes) return std::unexpected("is larger than 1 MiB");
  return text;
}

}  // namespace carillon::server
