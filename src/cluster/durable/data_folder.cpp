#include "cluster/durable/data_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

#include "cluster/durable/limits.hpp"

namespace carillon::cluster::durable {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHistory = "history";
constexpr std::string_view kUnused = "history.unused";
constexpr std::string_view kSnapshot = ".snapshot";
constexpr std::string_view kLog = ".log";
constexpr std::string_view kCorrupt = ".corrupt";
constexpr std::string_view kAdvice =
    "give a folder that this process may write by --data-dir or [server] data_dir, or set "
    "[history] durability = \"none\"";

std::string name_of(std::uint64_t number, std::string_view ending) {
  return fmt::format("{:012}{}", number, ending);
}

std::optional<std::uint64_t> number_of(const std::string& name, std::string_view ending) {
  if (!name.ends_with(ending)) return std::nullopt;
  std::uint64_t number = 0;
  const char* const last = name.data() + name.size() - ending.size();
  const auto [end, error] = std::from_chars(name.data(), last, number);
  if (error != std::errc{} || end != last || number == 0) return std::nullopt;
  return number;
}

std::string cannot(const std::string& directory, const std::string& why) {
  return fmt::format("the data directory {} cannot be used: {}; {}", directory, why, kAdvice);
}

std::string holder_of(const fs::path& lock) {
  std::ifstream file(lock);
  std::string text;
  std::getline(file, text);
  return text.empty() ? "another process" : "process " + text;
}

/// Whoever has the lock writes its process id there, for the message of who has not.
Result<net::UniqueFd, std::string> take_lock(const fs::path& path) {
  net::UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file) return std::unexpected(std::string(std::strerror(errno)));
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    return std::unexpected(holder_of(path) +
                           " uses it; two servers cannot share one, so give this one another");
  }
  const std::string id = std::to_string(::getpid()) + "\n";
  // A full disk must not keep anybody from starting.
  if (::ftruncate(file.get(), 0) == 0) {
    [[maybe_unused]] const auto written = ::write(file.get(), id.data(), id.size());
  }
  return file;
}

/// Makes new and removed names in a folder outlive the machine; an errno, or 0.
int sync_names(const fs::path& path) {
  const net::UniqueFd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return folder && ::fsync(folder.get()) == 0 ? 0 : errno;
}

/// A folder that this process may enter and not list cannot be synchronised by it, and serves.
Result<void, std::string> sync_above(const std::string& directory, const fs::path& path) {
  const int error = sync_names(path.parent_path());
  if (error == 0 || error == EACCES) return {};
  return std::unexpected(cannot(directory, std::strerror(error)));
}

/// The nearest folder at or above `path` that is there.
fs::path present_part(fs::path path) {
  std::error_code ignored;
  while (!fs::exists(path, ignored) && path.has_relative_path()) path = path.parent_path();
  return path;
}

Result<fs::path, std::string> free_unused_path(const std::string& directory) {
  const fs::path first = fs::path(directory) / kUnused;
  std::error_code error;
  for (int number = 1; number <= limits::kUnusedHistories; ++number) {
    fs::path path = first;
    if (number > 1) path += fmt::format(".{}", number);
    if (!fs::exists(path, error)) return path;
  }
  return std::unexpected(
      fmt::format("the history in {} cannot be put aside: there are {} already, {} and so on; "
                  "remove or move what nobody needs",
                  directory, limits::kUnusedHistories, first.string()));
}

void remove_oldest(std::vector<fs::path> files, std::size_t kept_count) {
  std::sort(files.begin(), files.end());
  std::error_code ignored;
  for (std::size_t index = 0; index + kept_count < files.size(); ++index) {
    fs::remove(files[index], ignored);
  }
}

}  // namespace

Result<DataFolder, std::string> DataFolder::open(const std::string& data_directory) {
  std::error_code error;
  DataFolder folder(fs::absolute(fs::path(data_directory), error) / kHistory);
  if (error) return std::unexpected(cannot(data_directory, error.message()));
  const fs::path present = present_part(folder.path_.parent_path());
  fs::create_directories(folder.path_, error);
  if (error) return std::unexpected(cannot(data_directory, error.message()));
  fs::permissions(folder.path_, fs::perms::owner_all, error);
  auto lock = take_lock(folder.path_ / "lock");
  if (!lock) return std::unexpected(cannot(data_directory, lock.error()));
  if (::access(folder.path_.c_str(), R_OK | W_OK | X_OK) != 0) {
    return std::unexpected(cannot(data_directory, std::strerror(errno)));
  }
  folder.lock_ = *std::move(lock);
  // The history's own name each time: who made it may not have come so far.
  for (fs::path path = folder.path_; path != present; path = path.parent_path()) {
    TRY(sync_above(data_directory, path));
  }
  folder.remove(folder.unfinished_snapshot());
  return folder;
}

fs::path DataFolder::snapshot(std::uint64_t number) const {
  return path_ / name_of(number, kSnapshot);
}

fs::path DataFolder::log(std::uint64_t number) const {
  return path_ / name_of(number, kLog);
}

fs::path DataFolder::unfinished_snapshot() const {
  return path_ / "unfinished";
}

FileList DataFolder::list() const {
  FileList list;
  for (const fs::directory_entry& entry : fs::directory_iterator(path_)) {
    const std::string name = entry.path().filename().string();
    if (const auto snapshot = number_of(name, kSnapshot)) list.snapshots.push_back(*snapshot);
    if (const auto log = number_of(name, kLog)) list.logs.push_back(*log);
  }
  std::sort(list.snapshots.begin(), list.snapshots.end());
  std::sort(list.logs.begin(), list.logs.end());
  return list;
}

void DataFolder::remove(const fs::path& file) const {
  fs::remove(file);
}

fs::path DataFolder::set_aside(const fs::path& file) const {
  fs::path aside = file;
  aside += kCorrupt;
  fs::rename(file, aside);
  std::vector<fs::path> corrupt;
  for (const fs::directory_entry& entry : fs::directory_iterator(path_)) {
    if (entry.path().extension() == kCorrupt) corrupt.push_back(entry.path());
  }
  remove_oldest(std::move(corrupt), limits::kKeptCorruptFiles);
  return aside;
}

void DataFolder::sync() const {
  const int error = sync_names(path_);
  if (error == 0) return;
  throw fs::filesystem_error("cannot synchronise", path_,
                             std::error_code(error, std::generic_category()));
}

Result<fs::path, std::string> set_history_aside(const std::string& data_directory) {
  const fs::path history = fs::path(data_directory) / kHistory;
  std::error_code error;
  if (!fs::exists(history, error)) return fs::path();
  const auto lock = take_lock(history / "lock");
  if (!lock) return std::unexpected(cannot(data_directory, lock.error()));
  const fs::path unused = TRY(free_unused_path(data_directory));
  fs::rename(history, unused, error);
  if (error) return std::unexpected(cannot(data_directory, error.message()));
  TRY(sync_above(data_directory, fs::absolute(unused)));
  return unused;
}

std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string text;
  std::getline(file, text);
  return text;
}

}  // namespace carillon::cluster::durable
