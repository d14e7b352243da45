#include "client/message.hpp"

#include "client/limits.hpp"
#include "protocol/json/scalar.hpp"

namespace carillon::client {
namespace {

constexpr std::int64_t kLargestInteger = (std::int64_t{1} << 53) - 1;  // what JavaScript counts

}  // namespace

std::optional<ServerObject> ServerObject::parse(Bytes json) {
  auto members = json::parse_object(json, {.depth = limits::kJsonDepth});
  if (!members) return std::nullopt;
  ServerObject object(json, std::move(*members));
  object.type_ = object.text("type");
  object.channel_ = object.text("channel");
  return object;
}

std::optional<Message> ServerObject::message() const {
  const json::Value* data = object_.find("data");
  const auto epoch = Epoch::parse(text("epoch"));
  const auto offset = integer("offset");
  if (data == nullptr || !epoch || !offset) return std::nullopt;
  return Message{.json = json_,
                 .data = data->raw,
                 .position = {.epoch = *epoch, .offset = *offset},
                 .is_binary = is_binary()};
}

std::optional<Ephemeral> ServerObject::ephemeral() const {
  const json::Value* data = object_.find("data");
  if (data == nullptr) return std::nullopt;
  return Ephemeral{.json = json_, .data = data->raw, .is_binary = is_binary()};
}

std::optional<Position> ServerObject::position() const {
  return parse_position(text("position"));
}

std::optional<std::uint64_t> ServerObject::integer(Bytes name) const {
  const json::Value* value = object_.find(name);
  if (value == nullptr) return std::nullopt;
  const auto number = json::read_integer(*value, 0, kLargestInteger);
  return number ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
}

bool ServerObject::boolean(Bytes name, bool otherwise) const {
  const json::Value* value = object_.find(name);
  return value == nullptr ? otherwise : json::read_boolean(*value).value_or(otherwise);
}

std::string ServerObject::text(Bytes name) const {
  const json::Value* value = object_.find(name);
  const bool is_text = value != nullptr && value->kind == json::Kind::String;
  return is_text ? json::decode_string(value->raw) : std::string{};
}

}  // namespace carillon::client
