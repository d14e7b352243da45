#include "cluster/durable/record.hpp"

#include <memory>
#include <utility>

#include "cluster/durable/crc32c.hpp"
#include "cluster/durable/limits.hpp"
#include "cluster/durable/octets.hpp"
#include "core/check.hpp"
#include "hub/limits.hpp"

namespace carillon::cluster::durable {
namespace {

enum class Tag : std::uint8_t { Header = 1, Channel, Publication, Dedupe, End, Deletion };

/// What JavaScript counts, as on the wire.
constexpr std::uint64_t kLargestOffset = (std::uint64_t{1} << 53) - 1;
/// Microseconds; far away, and adding to it overflows nothing.
constexpr std::int64_t kLatestTimestamp = std::int64_t{1} << 60;
constexpr std::size_t kBootBytes = 64;

/// Writes the frame around the content that is appended meanwhile.
class Frame {
 public:
  Frame(std::string& out, Tag tag) : out_(out), start_(out.size()) {
    out.append(kFrameBytes, '\0');
    append_integer(out, static_cast<std::uint8_t>(tag));
  }
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;
  ~Frame() {
    const Bytes content = Bytes(out_).substr(start_ + kFrameBytes);
    std::string frame;
    append_integer(frame, static_cast<std::uint32_t>(content.size()));
    append_integer(frame, crc32c(frame));
    append_integer(frame, crc32c(content));
    out_.replace(start_, kFrameBytes, frame);
  }

 private:
  std::string& out_;
  std::size_t start_;
};

void append_numbering(std::string& out, const Numbering& numbering) {
  append_string(out, numbering.epoch.text());
  append_integer(out, numbering.last_offset);
  append_integer(out, numbering.last_timestamp.microseconds);
}

void append_digest(std::string& out, const Digest& digest) {
  append_integer(out, digest.first);
  append_integer(out, digest.second);
}

void append_ticket(std::string& out, const DedupeTicket& ticket) {
  append_digest(out, ticket.publisher);
  append_digest(out, ticket.key);
  append_digest(out, ticket.content);
}

void append_hash_key(std::string& out, const HashKey& key) {
  append_integer(out, key.first);
  append_integer(out, key.second);
}

/// The parts of records; what is not as it should be makes the whole record bad.
class ContentReader : public OctetReader {
 public:
  using OctetReader::OctetReader;

  bool is_whole() const { return !failed() && at_end() && is_good_; }

  template <class Enum>
  Enum choice(Enum last) {
    const auto value = integer<std::uint8_t>();
    expect(value <= static_cast<std::uint8_t>(last));
    return static_cast<Enum>(value);
  }
  std::string short_text(std::size_t limit) {
    const Bytes text = string();
    expect(text.size() <= limit);
    return std::string(text.substr(0, limit));
  }
  std::string channel() {
    std::string name = short_text(hub::limits::kChannelNameBytes);
    expect(!name.empty());
    return name;
  }
  Timestamp timestamp() {
    const Timestamp read{integer<std::int64_t>()};
    expect(read.microseconds >= -kLatestTimestamp && read.microseconds <= kLatestTimestamp);
    return read;
  }
  Numbering numbering() {
    const std::optional<Epoch> epoch = Epoch::parse(string());
    expect(epoch.has_value());
    const auto offset = integer<std::uint64_t>();
    expect(offset <= kLargestOffset);
    return {.epoch = epoch.value_or(Epoch()), .last_offset = offset, .last_timestamp = timestamp()};
  }
  Digest digest() {
    const auto first = integer<std::uint64_t>();
    return {.first = first, .second = integer<std::uint64_t>()};
  }
  DedupeTicket ticket() {
    const Digest publisher = digest();
    const Digest key = digest();
    return {.publisher = publisher, .key = key, .content = digest()};
  }
  HashKey hash_key() {
    const auto first = integer<std::uint64_t>();
    return {.first = first, .second = integer<std::uint64_t>()};
  }
  void expect(bool condition) { is_good_ = is_good_ && condition; }

 private:
  bool is_good_ = true;
};

HeaderRecord read_header(ContentReader& in) {
  HeaderRecord header;
  header.kind = in.choice(FileKind::Log);
  header.sync = in.choice(SyncPolicy::Never);
  header.is_followed = in.choice(1) == 1;
  header.number = in.integer<std::uint64_t>();
  header.previous_number = in.integer<std::uint64_t>();
  header.previous_bytes = in.integer<std::uint64_t>();
  header.boot = in.short_text(kBootBytes);
  header.origin.fresh = in.numbering();
  header.origin.keys.first = in.hash_key();
  header.origin.keys.second = in.hash_key();
  in.expect(header.origin.fresh.last_offset == 0);
  return header;
}

ChannelRecord read_channel(ContentReader& in) {
  ChannelRecord record;
  record.channel = in.channel();
  record.numbering = in.numbering();
  record.last_used = in.timestamp();
  return record;
}

PublicationRecord read_publication(ContentReader& in) {
  auto publication = std::make_shared<hub::Publication>();
  publication->channel = in.channel();
  const Numbering numbering = in.numbering();
  publication->position = {numbering.epoch, numbering.last_offset};
  publication->timestamp = numbering.last_timestamp;
  in.expect(publication->position.offset > 0);
  publication->data_kind = in.choice(hub::DataKind::Binary);
  publication->client = {in.integer<std::uint64_t>()};
  publication->user = in.string();
  publication->key = in.string();
  publication->data = in.string();
  PublicationRecord record{.publication = std::move(publication), .ticket = {}};
  if (in.choice(1) == 1) record.ticket = in.ticket();
  return record;
}

DedupeMemory read_dedupe(ContentReader& in) {
  DedupeMemory memory;
  memory.channel = in.channel();
  memory.ticket = in.ticket();
  const Numbering numbering = in.numbering();
  memory.receipt = {.position = {numbering.epoch, numbering.last_offset},
                    .timestamp = numbering.last_timestamp};
  memory.remembered_at = in.timestamp();
  return memory;
}

DeletionRecord read_deletion(ContentReader& in) {
  DeletionRecord deletion;
  deletion.channel = in.channel();
  const std::optional<Epoch> epoch = Epoch::parse(in.string());
  in.expect(epoch.has_value());
  deletion.position = {epoch.value_or(Epoch()), in.integer<std::uint64_t>()};
  in.expect(deletion.position.offset <= kLargestOffset);
  return deletion;
}

std::optional<Record> read_record(Bytes content) {
  ContentReader in(content);
  std::optional<Record> record;
  switch (static_cast<Tag>(in.integer<std::uint8_t>())) {
    case Tag::Header:
      record = read_header(in);
      break;
    case Tag::Channel:
      record = read_channel(in);
      break;
    case Tag::Publication:
      record = read_publication(in);
      break;
    case Tag::Dedupe:
      record = read_dedupe(in);
      break;
    case Tag::End:
      record = EndRecord{.record_count = in.integer<std::uint64_t>()};
      break;
    case Tag::Deletion:
      record = read_deletion(in);
      break;
  }
  if (!in.is_whole()) record.reset();
  return record;
}

}  // namespace

void append_record(std::string& out, const HeaderRecord& header) {
  const Frame frame(out, Tag::Header);
  append_integer(out, static_cast<std::uint8_t>(header.kind));
  append_integer(out, static_cast<std::uint8_t>(header.sync));
  append_integer(out, static_cast<std::uint8_t>(header.is_followed));
  append_integer(out, header.number);
  append_integer(out, header.previous_number);
  append_integer(out, header.previous_bytes);
  append_string(out, Bytes(header.boot).substr(0, kBootBytes));
  append_numbering(out, header.origin.fresh);
  append_hash_key(out, header.origin.keys.first);
  append_hash_key(out, header.origin.keys.second);
}

void append_record(std::string& out, const ChannelRecord& channel) {
  const Frame frame(out, Tag::Channel);
  append_string(out, channel.channel);
  append_numbering(out, channel.numbering);
  append_integer(out, channel.last_used.microseconds);
}

void append_record(std::string& out, const hub::Publication& publication,
                   const std::optional<DedupeTicket>& ticket) {
  const Frame frame(out, Tag::Publication);
  append_string(out, publication.channel);
  append_numbering(out, {.epoch = publication.position.epoch,
                         .last_offset = publication.position.offset,
                         .last_timestamp = publication.timestamp});
  append_integer(out, static_cast<std::uint8_t>(publication.data_kind));
  append_integer(out, publication.client.value);
  append_string(out, publication.user);
  append_string(out, publication.key);
  append_string(out, publication.data);
  append_integer(out, static_cast<std::uint8_t>(ticket.has_value()));
  if (ticket) append_ticket(out, *ticket);
}

void append_record(std::string& out, const DedupeMemory& memory) {
  const Frame frame(out, Tag::Dedupe);
  append_string(out, memory.channel);
  append_ticket(out, memory.ticket);
  append_numbering(out, {.epoch = memory.receipt.position.epoch,
                         .last_offset = memory.receipt.position.offset,
                         .last_timestamp = memory.receipt.timestamp});
  append_integer(out, memory.remembered_at.microseconds);
}

void append_record(std::string& out, const EndRecord& end) {
  const Frame frame(out, Tag::End);
  append_integer(out, end.record_count);
}

void append_record(std::string& out, const DeletionRecord& deletion) {
  const Frame frame(out, Tag::Deletion);
  append_string(out, deletion.channel);
  append_string(out, deletion.position.epoch.text());
  append_integer(out, deletion.position.offset);
}

Result<std::optional<std::size_t>, RecordFault> record_size(Bytes input) {
  if (input.size() < kFrameBytes) return std::nullopt;
  OctetReader in(input);
  const auto length = in.integer<std::uint32_t>();
  const auto length_sum = in.integer<std::uint32_t>();
  if (crc32c(input.substr(0, sizeof length)) != length_sum || length > limits::kRecordBytes) {
    return std::unexpected(RecordFault::Length);
  }
  return kFrameBytes + length;
}

Result<std::optional<ParsedRecord>, RecordFault> parse_record(Bytes input) {
  const std::optional<std::size_t> size = TRY(record_size(input));
  if (!size || input.size() < *size) return std::nullopt;
  const Bytes content = input.substr(kFrameBytes, *size - kFrameBytes);
  const auto sum = OctetReader(input.substr(kFrameBytes - 4)).integer<std::uint32_t>();
  if (crc32c(content) != sum) return std::unexpected(RecordFault::Checksum);
  std::optional<Record> record = read_record(content);
  if (!record) return std::unexpected(RecordFault::Content);
  return ParsedRecord{.record = *std::move(record), .size = *size};
}

Bytes describe(RecordFault fault) {
  switch (fault) {
    case RecordFault::Length:
      return "a record's length is damaged";
    case RecordFault::Checksum:
      return "a record's content is damaged";
    case RecordFault::Content:
      return "a record's content is unknown to this version";
  }
  return "unknown";
}

}  // namespace carillon::cluster::durable
