#include "protocol/native/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/utf8.hpp"
#include "protocol/cbor/map.hpp"
#include "protocol/json/object.hpp"
#include "protocol/native/cbor_members.hpp"
#include "protocol/native/json_members.hpp"
#include "protocol/native/member_reader.hpp"

namespace carillon::native {
namespace {

using Read = Result<Command, Fault> (*)(const MemberReader&, const Limits&);

Result<Command, Fault> read_connect(const MemberReader& members, const Limits&) {
  Connect connect;
  connect.token = TRY(members.optional_text("token", kMaxTokenBytes));
  connect.session = TRY(members.optional_text("session", kMaxTokenBytes));
  return connect;
}

Result<Command, Fault> read_subscribe(const MemberReader& members, const Limits& limits) {
  Subscribe subscribe;
  subscribe.channel = TRY(members.channel());
  subscribe.after = TRY(members.optional_position("after"));
  subscribe.history = TRY(members.optional_count("history", 0, limits.page));
  subscribe.echo = TRY(members.boolean("echo", true));
  if (subscribe.after && subscribe.history) {
    return std::unexpected(Fault(R"(only one of "after" and "history" can be given)"));
  }
  return subscribe;
}

Result<Command, Fault> read_unsubscribe(const MemberReader& members, const Limits&) {
  Unsubscribe unsubscribe;
  unsubscribe.channel = TRY(members.channel());
  return unsubscribe;
}

Result<Publish, Fault> read_publication(const MemberReader& members) {
  Publish publish;
  publish.channel = TRY(members.optional_channel());
  publish.data = TRY(members.data_or_other_members());
  publish.key = TRY(members.optional_text("key", kMaxKeyBytes));
  publish.dedupe = TRY(members.optional_text("dedupe", kMaxKeyBytes));
  return publish;
}

Result<Command, Fault> read_publish(const MemberReader& members, const Limits&) {
  return TRY(read_publication(members));
}

Result<Command, Fault> read_ephemeral(const MemberReader& members, const Limits&) {
  Ephemeral ephemeral;
  ephemeral.channel = TRY(members.optional_channel());
  ephemeral.data = TRY(members.data_or_other_members());
  return ephemeral;
}

Result<Command, Fault> read_signal(const MemberReader& members, const Limits&) {
  Signal signal;
  signal.to = TRY(members.text("to", kMaxClientIdBytes));
  signal.data = TRY(members.data());
  return signal;
}

Result<Command, Fault> read_history(const MemberReader& members, const Limits& limits) {
  const auto limit = TRY(members.optional_count("limit", 1, limits.page));
  History history;
  history.channel = TRY(members.channel());
  history.limit = limit.value_or(limits.default_page);
  history.after = TRY(members.optional_position("after"));
  history.before = TRY(members.optional_position("before"));
  history.since = TRY(members.optional_timestamp("since"));
  if (int{history.after.has_value()} + history.before.has_value() + history.since.has_value() > 1) {
    return std::unexpected(Fault(R"(only one of "after", "before" and "since" can be given)"));
  }
  return history;
}

Result<Command, Fault> read_presence(const MemberReader& members, const Limits& limits) {
  Presence presence;
  presence.channel = TRY(members.channel());
  const auto limit = TRY(members.optional_count("limit", 0, limits.page));
  presence.limit = limit.value_or(limits.default_page);
  presence.after = TRY(members.optional_text("after", kMaxClientIdBytes));
  presence.data = TRY(members.optional_data());
  if (presence.data && presence.data->kind() != DataKind::Json) {
    return std::unexpected(Fault(R"("data" of a presence must be JSON)"));
  }
  return presence;
}

Result<Command, Fault> read_rpc(const MemberReader& members, const Limits&) {
  Rpc rpc;
  rpc.method = TRY(members.text("method", kMaxMethodBytes));
  rpc.data = TRY(members.optional_data());
  return rpc;
}

Result<Command, Fault> read_ping(const MemberReader&, const Limits&) {
  return Ping{};
}

constexpr std::array<std::pair<Bytes, Read>, 10> kReaders{{
    {"message", read_publish},
    {"ephemeral", read_ephemeral},
    {"subscribe", read_subscribe},
    {"unsubscribe", read_unsubscribe},
    {"connect", read_connect},
    {"history", read_history},
    {"signal", read_signal},
    {"presence", read_presence},
    {"rpc", read_rpc},
    {"ping", read_ping},
}};

/// Enough of a stranger's word to know it again, cut at a character's end.
Bytes excerpt(Bytes text) {
  constexpr std::size_t kLongest = 64;
  if (text.size() <= kLongest) return text;
  text = text.substr(0, kLongest);
  while (!is_utf8(text)) text.remove_suffix(1);
  return text;
}

Result<Command, Fault> read_command(const MemberReader& members, const Limits& limits) {
  const std::string type = TRY(members.type());
  const auto* reader = std::ranges::find(kReaders, type, &std::pair<Bytes, Read>::first);
  if (reader == kReaders.end()) {
    return std::unexpected(fmt::format("unknown \"type\": \"{}\"", excerpt(type)));
  }
  return reader->second(members, limits);
}

std::unexpected<CommandError> bad_request(std::string message, std::string id = {}) {
  return std::unexpected(CommandError{
      .code = ProblemCode::BadRequest, .message = std::move(message), .id = std::move(id)});
}

Result<ParsedCommand, CommandError> parse_members(const Members& members, const Limits& limits) {
  const MemberReader reader(members);
  auto id = reader.id();
  if (!id) return bad_request(std::move(id).error());
  auto command = read_command(reader, limits);
  if (!command) return bad_request(std::move(command).error(), *std::move(id));
  return ParsedCommand{.id = *std::move(id), .command = *std::move(command)};
}

Result<Publish, CommandError> parse_publication(Bytes text, const Limits& limits) {
  const auto object = json::parse_object(text, limits.json);
  if (!object) return bad_request(json::describe(object.error()));
  auto publish = read_publication(MemberReader(JsonMembers(*object)));
  if (!publish) return bad_request(std::move(publish).error());
  return *std::move(publish);
}

/// An array's elements, or else the whole text, each read by `parse_item`.
template <class Item>
Result<Batch<Item>, CommandError> parse_batch(
    Bytes text, const Limits& limits,
    Result<Item, CommandError> (*parse_item)(Bytes, const Limits&)) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  Batch<Item> batch{.is_array = start != Bytes::npos && text[start] == '[', .items = {}};
  if (!batch.is_array) {
    batch.items.push_back(parse_item(text, limits));
    return batch;
  }
  const auto elements =
      json::parse_array(text, {.depth = limits.json.depth, .items = limits.batch_items});
  if (!elements && elements.error().kind == json::ErrorKind::TooMany) {
    return std::unexpected(
        CommandError{.code = ProblemCode::TooLarge,
                     .message = fmt::format("at most {} items at once", limits.batch_items)});
  }
  if (!elements) return bad_request(json::describe(elements.error()));
  batch.items.reserve(elements->size());
  for (const json::Value& element : *elements) {
    batch.items.push_back(parse_item(element.raw, limits));
  }
  return batch;
}

}  // namespace

Result<ParsedCommand, CommandError> parse_command(Bytes text, const Limits& limits) {
  const auto object = json::parse_object(text, limits.json);
  if (!object) return bad_request(json::describe(object.error()));
  return parse_members(JsonMembers(*object), limits);
}

Result<ParsedCommand, CommandError> parse_cbor_command(Bytes octets, const Limits& limits) {
  const auto map =
      cbor::parse_map(octets, {.depth = limits.json.depth, .items = limits.json.items});
  if (!map) {
    return std::unexpected(CommandError{.code = ProblemCode::BadRequest,
                                        .message = cbor::describe(map.error()),
                                        .encoding = Encoding::Cbor});
  }
  auto command = parse_members(CborMembers(*map, limits.json), limits);
  (command ? command->encoding : command.error().encoding) = Encoding::Cbor;
  return command;
}

Result<Batch<Publish>, CommandError> parse_publish_body(Bytes text, const Limits& limits) {
  return parse_batch<Publish>(text, limits, parse_publication);
}

Result<Batch<ParsedCommand>, CommandError> parse_commands_body(Bytes text, const Limits& limits) {
  return parse_batch<ParsedCommand>(text, limits, parse_command);
}

}  // namespace carillon::native
