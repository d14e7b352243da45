// Whatever stands in a history file, reading it ends, and what comes of it can be served, written
// and read again as it is.
#include <stdlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "cluster/durable/crc32c.hpp"
#include "cluster/durable/octets.hpp"
#include "cluster/durable/recovery.hpp"
#include "cluster/durable/snapshot.hpp"
#include "core/check.hpp"

namespace {

using namespace carillon;
using namespace carillon::cluster;
using namespace carillon::cluster::durable;

constexpr Timestamp kNow{1'700'000'000'000'000};

DataFolder make_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "carillon-fuzz-XXXXXX").string();
  return DataFolder::open(::mkdtemp(name.data())).value();
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

/// The octets as records: each begins with its length, and gets the checksums that are right.
std::string records_of(Bytes octets) {
  std::string text(kMagic);
  while (!octets.empty()) {
    const std::size_t size = static_cast<unsigned char>(octets.front());
    octets.remove_prefix(1);
    const Bytes content = octets.substr(0, size);
    octets.remove_prefix(content.size());
    std::string frame;
    append_integer(frame, static_cast<std::uint32_t>(content.size()));
    append_integer(frame, crc32c(frame));
    append_integer(frame, crc32c(content));
    text.append(frame).append(content);
  }
  return text;
}

void check(const DataFolder& folder) {
  static const hub::NamespaceTable table(
      hub::NamespaceSettings{.history_count = 3, .history_age = std::chrono::years(100)});
  const RecoverySettings settings{.namespaces = table,
                                  .limits = {.history_bytes = 4096, .remembered_channels = 4},
                                  .now = kNow,
                                  .boot = "boot"};
  const auto recovery = recover(folder, settings);
  if (!recovery) return;
  const SnapshotSource source{recovery->state->channels(), recovery->state->dedupe()};
  const HeaderRecord header{
      .kind = FileKind::Snapshot, .number = 99, .boot = {}, .origin = common_origin({&source, 1})};
  CARILLON_CHECK(write_snapshot(folder, header, {&source, 1}).has_value());
  const auto again = recover(folder, settings);
  CARILLON_CHECK(again && !again->is_renewed && again->findings.empty());
  folder.remove(folder.snapshot(99));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const DataFolder folder = make_folder();
  const Bytes octets(reinterpret_cast<const char*>(data) + 1, size - 1);
  const bool is_framed = (data[0] & 1) != 0;
  const std::filesystem::path file = (data[0] & 2) != 0 ? folder.snapshot(1) : folder.log(1);
  write_file(file, is_framed ? records_of(octets) : std::string(octets));
  check(folder);
  folder.remove(file);
  return 0;
}
