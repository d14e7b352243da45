#include "protocol/native/member_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/base64.hpp"
#include "protocol/json/scalar.hpp"
#include "protocol/json/writer.hpp"
#include "protocol/native/channel_name.hpp"
#include "protocol/native/limits.hpp"

namespace carillon::native {
namespace {

constexpr std::array<Bytes, 5> kPublishMembers{"type", "channel", "id", "key", "dedupe"};

template <class... Arguments>
std::unexpected<Fault> fault(fmt::format_string<Arguments...> words, Arguments&&... arguments) {
  return std::unexpected(fmt::format(words, std::forward<Arguments>(arguments)...));
}

std::unexpected<Fault> missing(Bytes name) {
  return fault("\"{}\" is missing", name);
}

/// JSON as an application gave it, but on one line.
Data json_data(Bytes raw) {
  if (!json::has_newlines(raw)) return Data::borrowed(DataKind::Json, raw);
  std::string line(raw);
  json::compact_newlines(line);
  return Data::owned(DataKind::Json, std::move(line));
}

bool means_something_to_publish(const json::Member& member) {
  return std::ranges::any_of(kPublishMembers,
                             [&](Bytes name) { return json::string_is(member.key, name); });
}

}  // namespace

const json::Value* MemberReader::present(Bytes name) const {
  const json::Value* value = object_.find(name);
  return value != nullptr && value->kind != json::Kind::Null ? value : nullptr;
}

Result<std::string, Fault> MemberReader::id() const {
  const json::Value* value = present("id");
  if (value == nullptr) return std::string();
  if (value->kind != json::Kind::String && value->kind != json::Kind::Number) {
    return fault("\"id\" must be a string or a number");
  }
  if (value->raw.size() > kMaxIdBytes) {
    return fault("\"id\" must have at most {} octets", kMaxIdBytes);
  }
  return std::string(value->raw);
}

Result<std::string, Fault> MemberReader::type() const {
  const json::Value* value = present("type");
  if (value == nullptr) return missing("type");
  if (value->kind != json::Kind::String) return fault("\"type\" must be a string");
  return json::decode_string(value->raw);
}

Result<std::optional<std::string>, Fault> MemberReader::optional_text(Bytes name,
                                                                      std::size_t most) const {
  const json::Value* value = present(name);
  if (value == nullptr) return std::optional<std::string>();
  if (value->kind != json::Kind::String) return fault("\"{}\" must be a string", name);
  std::string text = json::decode_string(value->raw);
  if (text.empty() || text.size() > most) {
    return fault("\"{}\" must have 1 to {} octets", name, most);
  }
  return std::optional(std::move(text));
}

Result<std::string, Fault> MemberReader::text(Bytes name, std::size_t most) const {
  std::optional<std::string> text = TRY(optional_text(name, most));
  if (!text) return missing(name);
  return *std::move(text);
}

Result<std::optional<std::string>, Fault> MemberReader::optional_channel() const {
  std::optional<std::string> channel = TRY(optional_text("channel", kMaxChannelNameBytes));
  if (channel && !is_channel_name(*channel)) {
    return fault("\"channel\" must consist of letters, digits and _.:/@|+=~!-");
  }
  return channel;
}

Result<std::string, Fault> MemberReader::channel() const {
  std::optional<std::string> channel = TRY(optional_channel());
  if (!channel) return missing("channel");
  return *std::move(channel);
}

Result<std::optional<std::uint32_t>, Fault> MemberReader::optional_count(Bytes name,
                                                                         std::uint32_t least,
                                                                         std::uint32_t most) const {
  const json::Value* value = present(name);
  if (value == nullptr) return std::optional<std::uint32_t>();
  const std::optional<std::int64_t> count = json::read_integer(*value, least, most);
  if (!count) return fault("\"{}\" must be an integer from {} to {}", name, least, most);
  return std::optional(static_cast<std::uint32_t>(*count));
}

Result<bool, Fault> MemberReader::boolean(Bytes name, bool otherwise) const {
  const json::Value* value = present(name);
  if (value == nullptr) return otherwise;
  const std::optional<bool> truth = json::read_boolean(*value);
  if (!truth) return fault("\"{}\" must be true or false", name);
  return *truth;
}

Result<std::optional<Position>, Fault> MemberReader::optional_position(Bytes name) const {
  const json::Value* value = present(name);
  if (value == nullptr) return std::optional<Position>();
  std::optional<Position> position;
  if (value->kind == json::Kind::String) position = parse_position(json::decode_string(value->raw));
  if (!position) return fault("\"{}\" must be a position such as \"k3f9:42\"", name);
  return position;
}

Result<std::optional<Timestamp>, Fault> MemberReader::optional_timestamp(Bytes name) const {
  const json::Value* value = present(name);
  if (value == nullptr) return std::optional<Timestamp>();
  const std::optional<Timestamp> timestamp = parse_timestamp(value->raw);
  if (!timestamp) return fault("\"{}\" must be a number of milliseconds since 1970", name);
  return timestamp;
}

Result<std::optional<Data>, Fault> MemberReader::optional_data() const {
  const json::Value* value = object_.find("data");
  if (value == nullptr) return std::optional<Data>();
  return std::optional(TRY(read_data(*value)));
}

Result<Data, Fault> MemberReader::data() const {
  std::optional<Data> data = TRY(optional_data());
  if (!data) return missing("data");
  return *std::move(data);
}

Result<Data, Fault> MemberReader::data_or_other_members() const {
  std::optional<Data> data = TRY(optional_data());
  if (data) return *std::move(data);
  std::string others;
  json::ObjectWriter writer(others);
  for (const json::Member& member : object_.members()) {
    if (means_something_to_publish(member)) continue;
    writer.raw(member.key.substr(1, member.key.size() - 2), member.value.raw);
  }
  writer.finish();
  json::compact_newlines(others);
  return Data::owned(DataKind::Json, std::move(others));
}

Result<Data, Fault> MemberReader::read_data(const json::Value& value) const {
  const json::Value* encoding = present("encoding");
  if (encoding == nullptr) return json_data(value.raw);
  if (encoding->kind != json::Kind::String || !json::string_is(encoding->raw, "base64")) {
    return fault("\"encoding\" can only be \"base64\"");
  }
  std::optional<std::string> octets;
  if (value.kind == json::Kind::String) octets = base64_decode(json::decode_string(value.raw));
  if (!octets) return fault("\"data\" must be a base64 string with padding, as \"encoding\" says");
  return Data::owned(DataKind::Binary, *std::move(octets));
}

}  // namespace carillon::native
