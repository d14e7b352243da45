#include "protocol/native/member_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

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

}  // namespace

bool means_something_to_publish(Bytes name) {
  return std::ranges::find(kPublishMembers, name) != kPublishMembers.end();
}

Data json_data(Bytes raw) {
  if (!json::has_newlines(raw)) return Data::borrowed(DataKind::Json, raw);
  std::string line(raw);
  json::compact_newlines(line);
  return Data::owned(DataKind::Json, std::move(line));
}

Result<std::string, Fault> MemberReader::id() const {
  if (!members_.has("id")) return std::string();
  std::optional<std::string> id = members_.id();
  if (!id) return fault("\"id\" must be a string or a number");
  if (id->size() > kMaxIdBytes) return fault("\"id\" must have at most {} octets", kMaxIdBytes);
  return *std::move(id);
}

Result<std::string, Fault> MemberReader::type() const {
  if (!members_.has("type")) return missing("type");
  std::optional<std::string> type = members_.text("type");
  if (!type) return fault("\"type\" must be a string");
  return *std::move(type);
}

Result<std::optional<std::string>, Fault> MemberReader::optional_text(Bytes name,
                                                                      std::size_t most) const {
  if (!members_.has(name)) return std::optional<std::string>();
  std::optional<std::string> text = members_.text(name);
  if (!text) return fault("\"{}\" must be a string", name);
  if (text->empty() || text->size() > most) {
    return fault("\"{}\" must have 1 to {} octets", name, most);
  }
  return text;
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
  if (!members_.has(name)) return std::optional<std::uint32_t>();
  const std::optional<std::int64_t> count = members_.integer(name, least, most);
  if (!count) return fault("\"{}\" must be an integer from {} to {}", name, least, most);
  return std::optional(static_cast<std::uint32_t>(*count));
}

Result<bool, Fault> MemberReader::boolean(Bytes name, bool otherwise) const {
  if (!members_.has(name)) return otherwise;
  const std::optional<bool> truth = members_.boolean(name);
  if (!truth) return fault("\"{}\" must be true or false", name);
  return *truth;
}

Result<std::optional<Position>, Fault> MemberReader::optional_position(Bytes name) const {
  if (!members_.has(name)) return std::optional<Position>();
  const std::optional<std::string> text = members_.text(name);
  const std::optional<Position> position = text ? parse_position(*text) : std::nullopt;
  if (!position) return fault("\"{}\" must be a position such as \"k3f9:42\"", name);
  return position;
}

Result<std::optional<Timestamp>, Fault> MemberReader::optional_timestamp(Bytes name) const {
  if (!members_.has(name)) return std::optional<Timestamp>();
  const std::optional<Timestamp> timestamp = members_.timestamp(name);
  if (!timestamp) return fault("\"{}\" must be a number of milliseconds since 1970", name);
  return timestamp;
}

Result<Data, Fault> MemberReader::data() const {
  std::optional<Data> data = TRY(optional_data());
  if (!data) return missing("data");
  return *std::move(data);
}

Result<Data, Fault> MemberReader::data_or_other_members() const {
  std::optional<Data> data = TRY(optional_data());
  if (data) return *std::move(data);
  return members_.others();
}

}  // namespace carillon::native
