// Writes everything a node holds into one file, which is there whole or not at all.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "cluster/durable/data_folder.hpp"
#include "cluster/durable/output_file.hpp"
#include "cluster/durable/record.hpp"
#include "core/result.hpp"

namespace carillon::cluster::durable {

/// What the homes of a node hold, or what was read from disk.
struct SnapshotSource {
  ChannelStore& channels;
  DedupeWindow& dedupe;
};

struct SnapshotCounts {
  std::uint64_t publications = 0;
  std::uint64_t bytes = 0;
};

/// Errors: in words.
/// Thread: any, while nobody else touches the sources.
Result<SnapshotCounts, std::string> write_snapshot(const DataFolder& folder,
                                                   const HeaderRecord& header,
                                                   std::span<const SnapshotSource> sources,
                                                   const FileCalls& calls = {});

/// What a later node begins with so that it goes on from these: of the epoch of channels that are
/// not known, a fresh one where they do not agree.
Origin common_origin(std::span<const SnapshotSource> sources);

}  // namespace carillon::cluster::durable
