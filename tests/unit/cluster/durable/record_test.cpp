#include "cluster/durable/record.hpp"

#include <gtest/gtest.h>

#include "cluster/durable/crc32c.hpp"
#include "cluster/durable/octets.hpp"
#include "tests/unit/cluster/durable/durable_fixture.hpp"

namespace carillon::cluster::durable {
namespace {

constexpr DedupeTicket kTicket{.publisher = {1, 2}, .key = {3, 4}, .content = {5, ~0ULL}};

/// One of each kind.
std::vector<std::string> all_records() {
  std::vector<std::string> records(7);
  append_record(records[0], HeaderRecord{.kind = FileKind::Snapshot,
                                         .sync = SyncPolicy::Interval,
                                         .is_followed = true,
                                         .number = 7,
                                         .previous_number = 6,
                                         .previous_bytes = 1ULL << 40,
                                         .boot = "boot",
                                         .origin = an_origin()});
  append_record(records[1], ChannelRecord{.channel = "chat",
                                          .numbering = {*Epoch::parse("first"), 9, kNow},
                                          .last_used = {-5}});
  append_record(records[2], *a_publication("chat", 10, "\"hi\""), std::nullopt);
  append_record(records[3], *a_publication("chat", 11, std::string("\0\xff", 2)), kTicket);
  append_record(records[4], DedupeMemory{.channel = "chat",
                                         .ticket = kTicket,
                                         .receipt = {.position = {*Epoch::parse("first"), 4},
                                                     .timestamp = kNow},
                                         .remembered_at = {8}});
  append_record(records[5], EndRecord{.record_count = 5});
  append_record(records[6],
                DeletionRecord{.channel = "chat", .position = {*Epoch::parse("first"), 11}});
  return records;
}

Record parsed(Bytes octets) {
  auto result = parse_record(octets);
  EXPECT_TRUE(result && *result);
  EXPECT_EQ((*result)->size, octets.size());
  return std::move((*result)->record);
}

TEST(Crc32c, GivesTheValuesOfTheStandard) {
  EXPECT_EQ(crc32c(""), 0U);
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);  // RFC 3720 §B.4
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62A8AB43U);
}

TEST(Record, ComesBackAsItWas) {
  const std::vector<std::string> records = all_records();
  const auto header = std::get<HeaderRecord>(parsed(records[0]));
  EXPECT_EQ(header.kind, FileKind::Snapshot);
  EXPECT_EQ(header.sync, SyncPolicy::Interval);
  EXPECT_TRUE(header.is_followed);
  EXPECT_EQ(header.number, 7U);
  EXPECT_EQ(header.previous_number, 6U);
  EXPECT_EQ(header.previous_bytes, 1ULL << 40);
  EXPECT_EQ(header.boot, "boot");
  EXPECT_EQ(header.origin.fresh.epoch.text(), "first");
  const auto channel = std::get<ChannelRecord>(parsed(records[1]));
  EXPECT_EQ(channel.channel, "chat");
  EXPECT_EQ(channel.numbering.last_offset, 9U);
  EXPECT_EQ(channel.numbering.last_timestamp, kNow);
  EXPECT_EQ(channel.last_used, Timestamp{-5});
  const auto deletion = std::get<DeletionRecord>(parsed(records[6]));
  EXPECT_EQ(deletion.channel, "chat");
  EXPECT_EQ(deletion.position, (Position{*Epoch::parse("first"), 11}));
  const auto plain = std::get<PublicationRecord>(parsed(records[2]));
  EXPECT_EQ(plain.publication->data, "\"hi\"");
  EXPECT_EQ(plain.publication->user, "ann");
  EXPECT_EQ(plain.publication->client, hub::ClientId{7});
  EXPECT_EQ(plain.publication->key, "k");
  EXPECT_EQ(plain.publication->position, (Position{*Epoch::parse("first"), 10}));
  EXPECT_FALSE(plain.ticket);
  const auto binary = std::get<PublicationRecord>(parsed(records[3]));
  EXPECT_EQ(binary.publication->data, std::string("\0\xff", 2));
  EXPECT_EQ(binary.ticket, kTicket);
  const auto memory = std::get<DedupeMemory>(parsed(records[4]));
  EXPECT_EQ(memory.ticket, kTicket);
  EXPECT_EQ(memory.receipt.position.offset, 4U);
  EXPECT_EQ(memory.remembered_at, Timestamp{8});
  EXPECT_EQ(std::get<EndRecord>(parsed(records[5])).record_count, 5U);
}

TEST(Record, IsIncompleteWhereverItIsCut) {
  for (const std::string& record : all_records()) {
    for (std::size_t size = 0; size < record.size(); ++size) {
      const auto result = parse_record(Bytes(record).substr(0, size));
      ASSERT_TRUE(result.has_value()) << size;
      EXPECT_FALSE(result->has_value()) << size;
    }
  }
}

TEST(Record, IsRefusedWhicheverBitIsWrong) {
  for (const std::string& record : all_records()) {
    for (std::size_t bit = 0; bit < record.size() * 8; ++bit) {
      std::string damaged = record;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
      EXPECT_FALSE(parse_record(damaged).has_value()) << bit;
    }
  }
}

/// A frame that is right around content that is not.
std::string framed(const std::string& content) {
  std::string record;
  append_integer(record, static_cast<std::uint32_t>(content.size()));
  append_integer(record, crc32c(record));
  append_integer(record, crc32c(content));
  return record + content;
}

TEST(Record, IsRefusedWithContentThatNobodyWrites) {
  for (const std::string& record : all_records()) {
    const std::string content = record.substr(kFrameBytes);
    EXPECT_TRUE(parse_record(framed(content)).has_value());
    EXPECT_EQ(parse_record(framed(content + "x")).error(), RecordFault::Content);
    EXPECT_EQ(parse_record(framed(content.substr(0, content.size() - 1))).error(),
              RecordFault::Content);
    EXPECT_EQ(parse_record(framed("\x63" + content.substr(1))).error(), RecordFault::Content);
  }
  EXPECT_EQ(parse_record(framed("")).error(), RecordFault::Content);
}

TEST(Record, IsRefusedWhenItIsLongerThanAnything) {
  std::string record;
  append_integer(record, std::uint32_t{0xFFFFFFF0});
  append_integer(record, crc32c(record));
  append_integer(record, std::uint32_t{0});
  EXPECT_EQ(record_size(record).error(), RecordFault::Length);
}

}  // namespace
}  // namespace carillon::cluster::durable
