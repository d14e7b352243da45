// What stands in snapshots and logs: a magic line, then records that each carry their length and
// checksums. No file, clock or log here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "cluster/channel_log.hpp"
#include "cluster/dedupe_window.hpp"
#include "cluster/durable/sync_policy.hpp"
#include "cluster/memory_broker.hpp"
#include "core/bytes.hpp"
#include "core/result.hpp"
#include "hub/publication.hpp"

namespace carillon::cluster::durable {

/// The first octets of every file; the number is the format's version.
inline constexpr Bytes kMagic = "carillon history 1\n";
/// The same up to the version.
inline constexpr Bytes kMagicName = "carillon history ";

enum class FileKind : std::uint8_t { Snapshot, Log };

/// The first record of a file. Files are numbered; a snapshot holds what all logs of lower numbers
/// brought about, and the log of its own number goes on from there.
struct HeaderRecord {
  FileKind kind = FileKind::Log;
  SyncPolicy sync = SyncPolicy::Always;
  bool is_followed = false;  // of a snapshot: there must be a log of the same number
  std::uint64_t number = 0;
  /// Of the log that this one continues; its own: it begins on the snapshot of that number; 0: on
  /// nothing.
  std::uint64_t previous_number = 0;
  std::uint64_t previous_bytes = 0;  // how far that one counts
  std::string boot;                  // of the machine, since its last start
  Origin origin;
};

/// Where a channel stood before the publications that follow.
struct ChannelRecord {
  std::string channel;
  Numbering numbering;
  Timestamp last_used;
};

struct PublicationRecord {
  hub::PublicationPtr publication;
  std::optional<DedupeTicket> ticket;
};

/// Up to here nothing of the channel is retained any more.
struct DeletionRecord {
  std::string channel;
  Position position;
};

/// The last record. A file without it was not finished.
struct EndRecord {
  std::uint64_t record_count = 0;  // the header and those after it, without this one
};

using Record = std::variant<HeaderRecord, ChannelRecord, PublicationRecord, DedupeMemory, EndRecord,
                            DeletionRecord>;

void append_record(std::string& out, const HeaderRecord& header);
void append_record(std::string& out, const ChannelRecord& channel);
void append_record(std::string& out, const hub::Publication& publication,
                   const std::optional<DedupeTicket>& ticket);
void append_record(std::string& out, const DedupeMemory& memory);
void append_record(std::string& out, const EndRecord& end);
void append_record(std::string& out, const DeletionRecord& deletion);

enum class RecordFault : std::uint8_t {
  Length,    // the length fails its checksum or is beyond limits::kRecordBytes
  Checksum,  // the content fails its checksum
  Content,   // the content is none that this version writes
};

struct ParsedRecord {
  Record record;
  std::size_t size = 0;  // octets that it took
};

/// The octets before a record's content: length, checksum of the length, checksum of the content;
/// 32 bits each, little-endian.
inline constexpr std::size_t kFrameBytes = 12;

/// Octets of the record at the front, frame included; incomplete → empty optional.
/// Errors: Length.
Result<std::optional<std::size_t>, RecordFault> record_size(Bytes input);

/// The record at the front of `input`; incomplete → empty optional.
/// Errors: Length, Checksum, Content.
Result<std::optional<ParsedRecord>, RecordFault> parse_record(Bytes input);

Bytes describe(RecordFault fault);

}  // namespace carillon::cluster::durable
