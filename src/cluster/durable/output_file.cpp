#include "cluster/durable/output_file.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <utility>

namespace carillon::cluster::durable {

Result<OutputFile, int> OutputFile::create(const std::filesystem::path& path,
                                           const FileCalls& calls) {
  net::UniqueFd file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file) return std::unexpected(errno);
  return OutputFile(std::move(file), calls);
}

FileResult OutputFile::append(Bytes octets) {
  Bytes left = octets;
  while (!left.empty()) {
    const ssize_t count = calls_.write(file_.get(), left.data(), left.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      const int error = count < 0 ? errno : ENOSPC;
      if (left.size() < octets.size()) spoilt_ = !cut(size_).has_value();
      return std::unexpected(error);
    }
    left.remove_prefix(static_cast<std::size_t>(count));
  }
  size_ += octets.size();
  return {};
}

FileResult OutputFile::sync() {
  while (calls_.sync(file_.get()) != 0) {
    if (errno == EINTR) continue;
    // The kernel may have given up pages that are not on the disk, and call them clean from now on.
    spoilt_ = true;
    return std::unexpected(errno);
  }
  return {};
}

FileResult OutputFile::cut(std::uint64_t size) {
  if (calls_.truncate(file_.get(), static_cast<off_t>(size)) != 0) return std::unexpected(errno);
  size_ = size;
  return {};
}

}  // namespace carillon::cluster::durable
