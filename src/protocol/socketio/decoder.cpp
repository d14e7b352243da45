#include "protocol/socketio/decoder.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/utf8.hpp"
#include "protocol/json/object.hpp"
#include "protocol/json/validator.hpp"
#include "protocol/socketio/placeholder.hpp"

namespace carillon::socketio {
namespace {

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

bool is_binary(PacketType type) {
  return type == PacketType::BinaryEvent || type == PacketType::BinaryAck;
}
bool is_event(PacketType type) {
  return type == PacketType::Event || type == PacketType::BinaryEvent;
}
bool is_ack(PacketType type) {
  return type == PacketType::Ack || type == PacketType::BinaryAck;
}

/// The digits at the front of `rest`; empty where there are none, or they are over 2^64 − 1.
std::optional<std::uint64_t> take_number(Bytes& rest) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (read.ec != std::errc{}) return std::nullopt;
  rest.remove_prefix(static_cast<std::size_t>(read.ptr - rest.data()));
  return number;
}

Result<PacketType, Error> take_type(Bytes& rest) {
  if (rest.empty() || rest.front() < '0' || rest.front() > '6') {
    return std::unexpected(Error::UnknownType);
  }
  const auto type = static_cast<PacketType>(rest.front() - '0');
  rest.remove_prefix(1);
  return type;
}

Result<std::size_t, Error> take_attachment_count(Bytes& rest, const Limits& limits) {
  if (rest.empty() || !is_digit(rest.front())) return std::unexpected(Error::BadAttachments);
  const auto count = take_number(rest);
  if (count && (*count == 0 || !rest.starts_with('-'))) {
    return std::unexpected(Error::BadAttachments);
  }
  if (!count || *count > limits.attachments) return std::unexpected(Error::TooManyAttachments);
  rest.remove_prefix(1);
  return static_cast<std::size_t>(*count);
}

/// Without a comma, everything belongs to the name.
Result<std::string, Error> take_namespace(Bytes& rest, const Limits& limits) {
  if (!rest.starts_with('/')) return std::string(kMainNamespace);
  const Bytes name = rest.substr(0, rest.find(','));
  if (name.size() > limits.name_space_bytes || !is_utf8(name)) {
    return std::unexpected(Error::BadNamespace);
  }
  rest.remove_prefix(std::min(name.size() + 1, rest.size()));
  return std::string(name);
}

Result<std::optional<std::uint64_t>, Error> take_id(Bytes& rest, PacketType type) {
  const bool is_given = !rest.empty() && is_digit(rest.front());
  if (!is_given) {
    if (is_ack(type)) return std::unexpected(Error::BadId);
    return std::nullopt;
  }
  const auto id = take_number(rest);
  const bool may_have_one = is_event(type) || is_ack(type);
  if (!may_have_one || !id || *id > kMaxId) return std::unexpected(Error::BadId);
  return id;
}

/// The name of the event and its arguments, or the arguments of an acknowledgement.
Result<void, Error> read_elements(Packet& packet, const Limits& limits) {
  const auto values = json::parse_array(packet.data, limits.json);
  if (!values) return std::unexpected(Error::BadPayload);
  packet.elements.reserve(values->size());
  for (const json::Value& value : *values) {
    const auto offset = static_cast<std::size_t>(value.raw.data() - packet.data.data());
    packet.elements.push_back({offset, value.raw.size(), value.kind});
  }
  if (!is_event(packet.type)) return {};
  if (packet.elements.empty()) return std::unexpected(Error::BadPayload);
  const json::Kind kind = packet.elements.front().kind;
  if (kind == json::Kind::Number) return {};
  if (kind != json::Kind::String) return std::unexpected(Error::BadPayload);
  if (is_reserved_event(packet.event())) return std::unexpected(Error::ReservedEvent);
  return {};
}

/// CONNECT: an object or nothing. CONNECT_ERROR: an object or a string.
Result<void, Error> check_value(const Packet& packet, const Limits& limits) {
  const Bytes data = packet.data;
  if (data.empty()) {
    if (packet.type == PacketType::ConnectError) return std::unexpected(Error::BadPayload);
    return {};
  }
  const bool is_object = data.front() == '{';
  const bool is_text = data.front() == '"' && packet.type == PacketType::ConnectError;
  if ((!is_object && !is_text) || !json::validate(data, limits.json)) {
    return std::unexpected(Error::BadPayload);
  }
  return {};
}

Result<void, Error> read_payload(Packet& packet, const Limits& limits) {
  if (is_event(packet.type) || is_ack(packet.type)) return read_elements(packet, limits);
  if (packet.type == PacketType::Disconnect) {
    if (!packet.data.empty()) return std::unexpected(Error::BadPayload);
    return {};
  }
  return check_value(packet, limits);
}

Result<void, Error> check_placeholders(Bytes data, std::size_t attachment_count) {
  const std::vector<Placeholder> found = find_placeholders(data);
  // Each stands for one of its own: a few octets must not become many copies of an attachment.
  std::vector<bool> used(attachment_count);
  for (const Placeholder& each : found) {
    if (!each.number || *each.number >= attachment_count || used[*each.number]) {
      return std::unexpected(Error::BadPlaceholder);
    }
    used[*each.number] = true;
  }
  return {};
}

}  // namespace

Result<ParsedText, Error> parse_text(Bytes text, const Limits& limits) {
  ParsedText parsed;
  Packet& packet = parsed.packet;
  packet.type = TRY(take_type(text));
  if (is_binary(packet.type)) parsed.attachment_count = TRY(take_attachment_count(text, limits));
  packet.name_space = TRY(take_namespace(text, limits));
  packet.id = TRY(take_id(text, packet.type));
  packet.data = text;
  TRY(read_payload(packet, limits));
  if (is_binary(packet.type)) TRY(check_placeholders(packet.data, parsed.attachment_count));
  return parsed;
}

Result<std::optional<Packet>, Error> Decoder::on_text(Bytes text) {
  if (error_) return std::unexpected(*error_);
  auto result = begin(text);
  if (!result) error_ = result.error();
  return result;
}

Result<std::optional<Packet>, Error> Decoder::on_binary(Bytes octets) {
  if (error_) return std::unexpected(*error_);
  auto result = attach(octets);
  if (!result) error_ = result.error();
  return result;
}

Result<std::optional<Packet>, Error> Decoder::begin(Bytes text) {
  if (waiting_) return std::unexpected(Error::ExpectedBinary);
  ParsedText parsed = TRY(parse_text(text, limits_));
  if (!is_binary(parsed.packet.type)) return std::optional(std::move(parsed.packet));
  parsed.packet.type = is_event(parsed.packet.type) ? PacketType::Event : PacketType::Ack;
  parsed.packet.attachments.reserve(parsed.attachment_count);
  attached_bytes_ = 0;
  waiting_ = std::move(parsed);
  return std::nullopt;
}

Result<std::optional<Packet>, Error> Decoder::attach(Bytes octets) {
  if (!waiting_) return std::unexpected(Error::UnexpectedBinary);
  if (octets.size() > limits_.attachments_bytes - attached_bytes_) {
    return std::unexpected(Error::TooLarge);
  }
  attached_bytes_ += octets.size();
  std::vector<std::string>& attachments = waiting_->packet.attachments;
  attachments.emplace_back(octets);
  if (attachments.size() < waiting_->attachment_count) return std::nullopt;
  Packet complete = std::move(waiting_->packet);
  waiting_.reset();
  return std::optional(std::move(complete));
}

}  // namespace carillon::socketio
