#include "protocol/native/encode.hpp"

#include "core/base64.hpp"

namespace carillon::native {
namespace {

/// Starts `{"type":…,"id":…`.
json::ObjectWriter open_reply(std::string& out, Bytes type, Bytes id) {
  json::ObjectWriter reply(out);
  reply.text("type", type);
  if (!id.empty()) reply.raw("id", id);
  return reply;
}

void add_position(json::ObjectWriter& object, Bytes key, const Position& position) {
  std::string& out = object.begin(key);
  out.push_back('"');
  append_text(out, position);
  out.push_back('"');
}

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

void add_sender(json::ObjectWriter& object, const Sender& from) {
  if (from.user.empty() && from.client.empty()) return;
  json::ObjectWriter sender(object.begin("from"));
  if (!from.user.empty()) sender.text("user", from.user);
  if (!from.client.empty()) sender.text("client", from.client);
  sender.finish();
}

/// The members that a publication and its receipt share.
void add_numbering(json::ObjectWriter& object, Bytes channel, const Position& position,
                   Timestamp timestamp) {
  object.text("channel", channel).integer("offset", position.offset);
  object.text("epoch", position.epoch.text());
  append_text(object.begin("timestamp"), timestamp);
}

void add_receipt(json::ObjectWriter& object, const Receipt& receipt) {
  add_numbering(object, receipt.channel, receipt.position, receipt.timestamp);
  if (receipt.duplicate) object.boolean("duplicate", true);
}

void add_welcome(json::ObjectWriter& object, const Welcome& welcome) {
  object.integer("version", kProtocolVersion).text("client", welcome.client);
  object.text("session", welcome.session).integer("ping_s", welcome.ping.count());
  object.integer("max_message_bytes", welcome.max_message_bytes);
  object.integer("max_subscriptions", welcome.max_subscriptions);
}

void add_advice(json::ObjectWriter& object, const Problem& problem) {
  if (problem.wait) object.integer("wait_ms", problem.wait->count());
  if (!problem.position.empty()) object.text("position", problem.position);
  if (!problem.retained.empty()) object.text("retained", problem.retained);
}

}  // namespace

void append_message(std::string& out, const MessageView& message) {
  json::ObjectWriter object = open_reply(out, "message", {});
  add_numbering(object, message.channel, message.position, message.timestamp);
  add_data(object, message.kind, message.data);
  add_sender(object, message.from);
  if (!message.key.empty()) object.text("key", message.key);
  object.finish();
}

void append_ephemeral(std::string& out, const EphemeralView& ephemeral) {
  json::ObjectWriter object = open_reply(out, "ephemeral", {});
  object.text("channel", ephemeral.channel);
  add_data(object, ephemeral.kind, ephemeral.data);
  add_sender(object, ephemeral.from);
  object.finish();
}

void append_ok(std::string& out, Bytes id) {
  open_reply(out, "ok", id).finish();
}

void append_ok(std::string& out, Bytes id, const Welcome& welcome) {
  json::ObjectWriter reply = open_reply(out, "ok", id);
  add_welcome(reply, welcome);
  reply.finish();
}

void append_ok(std::string& out, Bytes id, const Subscribed& subscribed) {
  json::ObjectWriter reply = open_reply(out, "ok", id);
  reply.text("channel", subscribed.channel);
  add_position(reply, "position", subscribed.position);
  reply.boolean("recovered", subscribed.recovered).boolean("contiguous", subscribed.contiguous);
  if (subscribed.more) reply.boolean("more", true);
  reply.finish();
}

void append_ok(std::string& out, Bytes id, const Receipt& receipt) {
  json::ObjectWriter reply = open_reply(out, "ok", id);
  add_receipt(reply, receipt);
  reply.finish();
}

void append_ok(std::string& out, Bytes id, const HistoryPage& page) {
  json::ObjectWriter reply = open_reply(out, "ok", id);
  reply.text("channel", page.channel);
  reply.begin("messages").push_back('[');
  bool is_first = true;
  for (const MessageView& message : page.messages) {
    if (!is_first) out.push_back(',');
    is_first = false;
    append_message(out, message);
  }
  out.push_back(']');
  add_position(reply, "position", page.position);
  reply.boolean("more", page.more);
  if (page.gap) reply.boolean("gap", true);
  reply.finish();
}

void append_error(std::string& out, Bytes id, const Problem& problem) {
  json::ObjectWriter reply = open_reply(out, "error", id);
  reply.text("code", problem_info(problem.code).text).text("message", problem.detail);
  add_advice(reply, problem);
  reply.finish();
}

void append_pong(std::string& out, Bytes id) {
  open_reply(out, "pong", id).finish();
}

void append_welcome(std::string& out, const Welcome& welcome) {
  json::ObjectWriter object = open_reply(out, "welcome", {});
  add_welcome(object, welcome);
  object.finish();
}

void append_gap(std::string& out, const Gap& gap) {
  json::ObjectWriter object = open_reply(out, "gap", {});
  object.text("channel", gap.channel);
  add_position(object, "position", gap.position);
  object.finish();
}

void append_closing(std::string& out, const Closing& closing) {
  json::ObjectWriter object = open_reply(out, "closing", {});
  object.text("code", problem_info(closing.code).text).boolean("reconnect", closing.reconnect);
  if (closing.reconnect) object.integer("wait_ms", closing.wait.count());
  object.finish();
}

void append_receipt(std::string& out, const Receipt& receipt) {
  json::ObjectWriter object(out);
  add_receipt(object, receipt);
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
