#include "protocol/native/json_members.hpp"

#include <utility>

#include "core/base64.hpp"
#include "protocol/json/scalar.hpp"
#include "protocol/json/writer.hpp"

namespace carillon::native {

const json::Value* JsonMembers::present(Bytes name) const {
  const json::Value* value = object_.find(name);
  return value != nullptr && value->kind != json::Kind::Null ? value : nullptr;
}

std::optional<std::string> JsonMembers::text(Bytes name) const {
  const json::Value* value = object_.find(name);
  if (value == nullptr || value->kind != json::Kind::String) return std::nullopt;
  return json::decode_string(value->raw);
}

std::optional<std::int64_t> JsonMembers::integer(Bytes name, std::int64_t least,
                                                 std::int64_t most) const {
  const json::Value* value = object_.find(name);
  return value == nullptr ? std::nullopt : json::read_integer(*value, least, most);
}

std::optional<bool> JsonMembers::boolean(Bytes name) const {
  const json::Value* value = object_.find(name);
  return value == nullptr ? std::nullopt : json::read_boolean(*value);
}

std::optional<Timestamp> JsonMembers::timestamp(Bytes name) const {
  const json::Value* value = object_.find(name);
  return value == nullptr ? std::nullopt : parse_timestamp(value->raw);
}

std::optional<std::string> JsonMembers::id() const {
  const json::Value* value = object_.find("id");
  if (value == nullptr) return std::nullopt;
  if (value->kind != json::Kind::String && value->kind != json::Kind::Number) return std::nullopt;
  return std::string(value->raw);
}

Result<std::optional<Data>, Fault> JsonMembers::data() const {
  const json::Value* value = object_.find("data");
  if (value == nullptr) return std::optional<Data>();
  const json::Value* encoding = present("encoding");
  if (encoding == nullptr) return std::optional(json_data(value->raw));
  if (encoding->kind != json::Kind::String || !json::string_is(encoding->raw, "base64")) {
    return std::unexpected(Fault(R"("encoding" can only be "base64")"));
  }
  std::optional<std::string> octets;
  if (value->kind == json::Kind::String) octets = base64_decode(json::decode_string(value->raw));
  if (!octets) {
    return std::unexpected(
        Fault(R"("data" must be a base64 string with padding, as "encoding" says)"));
  }
  return std::optional(Data::owned(DataKind::Binary, *std::move(octets)));
}

Result<Data, Fault> JsonMembers::others() const {
  std::string others;
  json::ObjectWriter writer(others);
  for (const json::Member& member : object_.members()) {
    if (means_something_to_publish(json::decode_string(member.key))) continue;
    writer.raw(member.key.substr(1, member.key.size() - 2), member.value.raw);
  }
  writer.finish();
  json::compact_newlines(others);
  return Data::owned(DataKind::Json, std::move(others));
}

}  // namespace carillon::native
