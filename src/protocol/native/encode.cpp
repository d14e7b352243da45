#include "protocol/native/encode.hpp"

#include "core/base64.hpp"
#include "protocol/cbor/writer.hpp"
#include "protocol/native/channel_name.hpp"

namespace carillon::native {
namespace {

/// Lets `add_members` fill one object; json::ObjectWriter and cbor::MapWriter look the same to it.
template <class AddMembers>
void append_object(std::string& out, Encoding encoding, AddMembers add_members) {
  if (encoding == Encoding::Cbor) {
    cbor::MapWriter map(out);
    add_members(map);
    map.finish();
  } else {
    json::ObjectWriter object(out);
    add_members(object);
    object.finish();
  }
}

template <class Object>
void add_type(Object& object, Bytes type, Bytes id = {}) {
  object.text("type", type);
  if (!id.empty()) object.raw("id", id);
}

template <class Object>
void add_position(Object& object, Bytes key, const Position& position) {
  object.text(key, to_text(position));
}

// --- Where the two differ ---------------------------------------------------------------------

void add_data(json::ObjectWriter& object, DataKind kind, Bytes data) {
  if (kind == DataKind::Json) {
    object.raw("data", data);
    return;
  }
  std::string& out = object.begin("data");
  out.push_back('"');
  append_base64(out, data);
  out.push_back('"');
  object.raw("encoding", R"("base64")");
}

void add_data(cbor::MapWriter& map, DataKind kind, Bytes data) {
  std::string& out = map.begin("data");
  if (kind == DataKind::Json) return cbor::append_text(out, data);
  cbor::append_octets(out, data);
}

/// JSON that a client or its token has given.
void add_json(json::ObjectWriter& object, Bytes key, Bytes json) {
  object.raw(key, json);
}

void add_json(cbor::MapWriter& map, Bytes key, Bytes json) {
  map.text(key, json);
}

void add_time(json::ObjectWriter& object, Bytes key, Timestamp timestamp) {
  append_text(object.begin(key), timestamp);
}

/// The double that the decimals of JSON would be read as.
void add_time(cbor::MapWriter& map, Bytes key, Timestamp timestamp) {
  cbor::append_float(map.begin(key), static_cast<double>(timestamp.microseconds) / 1000);
}

void add_messages(json::ObjectWriter& object, std::span<const MessageView> messages) {
  std::string& out = object.begin("messages");
  out.push_back('[');
  for (const MessageView& message : messages) {
    if (&message != messages.data()) out.push_back(',');
    append_message(out, message, Encoding::Json);
  }
  out.push_back(']');
}

void add_messages(cbor::MapWriter& map, std::span<const MessageView> messages) {
  std::string& out = map.begin("messages");
  cbor::append_array_head(out, messages.size());
  for (const MessageView& message : messages) append_message(out, message, Encoding::Cbor);
}

// --- Members that several objects share -------------------------------------------------------

template <class Object>
void add_sender(Object& object, const Sender& from) {
  if (from.user.empty() && from.client.empty()) return;
  Object sender(object.begin("from"));
  if (!from.user.empty()) sender.text("user", from.user);
  if (!from.client.empty()) sender.text("client", from.client);
  sender.finish();
}

template <class Object>
void add_numbering(Object& object, Bytes channel, const Position& position, Timestamp timestamp) {
  object.text("channel", channel).integer("offset", position.offset);
  object.text("epoch", position.epoch.text());
  add_time(object, "timestamp", timestamp);
}

template <class Object>
void add_member(Object& object, const Member& member) {
  object.text("client", member.client);
  if (!member.user.empty()) object.text("user", member.user);
  if (!member.info.empty()) add_json(object, "info", member.info);
  if (!member.data.empty()) add_json(object, "data", member.data);
}

template <class Object>
void add_counts(Object& object, const PresenceCounts& counts) {
  object.integer("clients", counts.clients).integer("users", counts.users);
  object.integer("version", counts.version);
}

template <class Object>
void append_listed(std::string& out, const Member& member) {
  Object object(out);
  add_member(object, member);
  add_time(object, "since", member.since);
  object.finish();
}

void add_members_of(json::ObjectWriter& object, std::span<const Member> members) {
  std::string& out = object.begin("members");
  out.push_back('[');
  for (const Member& member : members) {
    if (&member != members.data()) out.push_back(',');
    append_listed<json::ObjectWriter>(out, member);
  }
  out.push_back(']');
}

void add_members_of(cbor::MapWriter& map, std::span<const Member> members) {
  std::string& out = map.begin("members");
  cbor::append_array_head(out, members.size());
  for (const Member& member : members) append_listed<cbor::MapWriter>(out, member);
}

template <class Object>
void add_page(Object& object, const PresencePage& page) {
  object.text("channel", page.channel);
  add_counts(object, page.counts);
  add_members_of(object, page.members);
  if (!page.next.empty()) object.text("next", page.next);
}

template <class Object>
void add_receipt(Object& object, const Receipt& receipt) {
  add_numbering(object, receipt.channel, receipt.position, receipt.timestamp);
  if (receipt.duplicate) object.boolean("duplicate", true);
}

template <class Object>
void add_welcome(Object& object, const Welcome& welcome) {
  object.integer("version", kProtocolVersion).text("client", welcome.client);
  object.text("session", welcome.session).integer("ping_s", welcome.ping.count());
  object.integer("max_message_bytes", welcome.max_message_bytes);
  object.integer("max_subscriptions", welcome.max_subscriptions);
}

template <class Object>
void add_advice(Object& object, const Problem& problem) {
  if (problem.wait) object.integer("wait_ms", problem.wait->count());
  if (!problem.position.empty()) object.text("position", problem.position);
  if (!problem.retained.empty()) object.text("retained", problem.retained);
}

}  // namespace

void append_message(std::string& out, const MessageView& message, Encoding encoding) {
  append_object(out, encoding, [&](auto& object) {
    add_type(object, is_client_channel(message.channel) ? "signal" : "message");
    add_numbering(object, message.channel, message.position, message.timestamp);
    add_data(object, message.kind, message.data);
    add_sender(object, message.from);
    if (!message.key.empty()) object.text("key", message.key);
  });
}

void append_ephemeral(std::string& out, const EphemeralView& ephemeral, Encoding encoding) {
  append_object(out, encoding, [&](auto& object) {
    add_type(object, "ephemeral");
    object.text("channel", ephemeral.channel);
    add_data(object, ephemeral.kind, ephemeral.data);
    add_sender(object, ephemeral.from);
  });
}

void append_ok(std::string& out, Bytes id, Encoding encoding) {
  append_object(out, encoding, [&](auto& reply) { add_type(reply, "ok", id); });
}

void append_ok(std::string& out, Bytes id, const Welcome& welcome, Encoding encoding) {
  append_object(out, encoding, [&](auto& reply) {
    add_type(reply, "ok", id);
    add_welcome(reply, welcome);
  });
}

void append_ok(std::string& out, Bytes id, const Subscribed& subscribed, Encoding encoding) {
  append_object(out, encoding, [&](auto& reply) {
    add_type(reply, "ok", id);
    reply.text("channel", subscribed.channel);
    add_position(reply, "position", subscribed.position);
    reply.boolean("recovered", subscribed.recovered).boolean("contiguous", subscribed.contiguous);
    if (subscribed.more) reply.boolean("more", true);
  });
}

void append_ok(std::string& out, Bytes id, const Receipt& receipt, Encoding encoding) {
  append_object(out, encoding, [&](auto& reply) {
    add_type(reply, "ok", id);
    add_receipt(reply, receipt);
  });
}

void append_ok(std::string& out, Bytes id, const HistoryPage& page, Encoding encoding) {
  append_object(out, encoding, [&](auto& reply) {
    add_type(reply, "ok", id);
    reply.text("channel", page.channel);
    add_messages(reply, page.messages);
    add_position(reply, "position", page.position);
    reply.boolean("more", page.more);
    if (page.gap) reply.boolean("gap", true);
  });
}

void append_ok(std::string& out, Bytes id, const PresencePage& page, Encoding encoding) {
  append_object(out, encoding, [&](auto& reply) {
    add_type(reply, "ok", id);
    add_page(reply, page);
  });
}

void append_presence(std::string& out, const PresenceChange& change, Encoding encoding) {
  append_object(out, encoding, [&](auto& object) {
    add_type(object, "presence");
    object.text("channel", change.channel).text("event", change.event);
    add_member(object, change.member);
    if (change.cause.empty()) {
      add_time(object, "since", change.member.since);
    } else {
      object.text("cause", change.cause);
    }
    add_counts(object, change.counts);
  });
}

void append_error(std::string& out, Bytes id, const Problem& problem, Encoding encoding) {
  append_object(out, encoding, [&](auto& reply) {
    add_type(reply, "error", id);
    reply.text("code", problem_info(problem.code).text).text("message", problem.detail);
    add_advice(reply, problem);
  });
}

void append_pong(std::string& out, Bytes id, Encoding encoding) {
  append_object(out, encoding, [&](auto& reply) { add_type(reply, "pong", id); });
}

void append_welcome(std::string& out, const Welcome& welcome, Encoding encoding) {
  append_object(out, encoding, [&](auto& object) {
    add_type(object, "welcome");
    add_welcome(object, welcome);
  });
}

void append_gap(std::string& out, const Gap& gap, Encoding encoding) {
  append_object(out, encoding, [&](auto& object) {
    add_type(object, "gap");
    object.text("channel", gap.channel);
    add_position(object, "position", gap.position);
  });
}

void append_unsubscribed(std::string& out, Bytes channel, Encoding encoding) {
  append_object(out, encoding, [&](auto& object) {
    add_type(object, "unsubscribed");
    object.text("channel", channel);
  });
}

void append_closing(std::string& out, const Closing& closing, Encoding encoding) {
  append_object(out, encoding, [&](auto& object) {
    add_type(object, "closing");
    object.text("code", problem_info(closing.code).text).boolean("reconnect", closing.reconnect);
    if (closing.reconnect) object.integer("wait_ms", closing.wait.count());
  });
}

void append_receipt(std::string& out, const Receipt& receipt) {
  json::ObjectWriter object(out);
  add_receipt(object, receipt);
  object.finish();
}

void append_presence_page(std::string& out, const PresencePage& page) {
  json::ObjectWriter object(out);
  add_page(object, page);
  object.finish();
}

void append_position_event(std::string& out, const PositionList& positions, bool recovered,
                           bool contiguous) {
  json::ObjectWriter object(out);
  object.begin("position").push_back('"');
  append_position_list(out, positions);
  out.push_back('"');
  object.boolean("recovered", recovered).boolean("contiguous", contiguous).finish();
}

void append_problem(std::string& out, const Problem& problem, std::uint16_t status, Bytes title) {
  const ProblemInfo& info = problem_info(problem.code);
  json::ObjectWriter object(out);
  object.text("type", "about:blank").text("title", title.empty() ? info.title : title);
  object.integer("status", status == 0 ? info.status : status);
  object.text("code", info.text).text("detail", problem.detail);
  add_advice(object, problem);
  object.finish();
}

}  // namespace carillon::native
