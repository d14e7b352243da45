#include "protocol/native/encode.hpp"

#include <gtest/gtest.h>
#include <array>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "protocol/json/validator.hpp"
#include "tests/unit/protocol/native/command_json.hpp"
#include "tests/vectors/read_vectors.hpp"

namespace carillon::native {
namespace {

using testing::read_vectors;
using Json = nlohmann::json;

/// The members of a vector as views, which live as long as this does.
class Fields {
 public:
  explicit Fields(const Json& json) : json_(json) {}

  Bytes text(const char* key) const {
    return json_.contains(key) ? Bytes(json_[key].get_ref<const std::string&>()) : Bytes();
  }
  template <class Number>
  Number number(const char* key) const {
    return json_[key].get<Number>();
  }
  bool has(const char* key) const { return json_.contains(key); }
  Position position(const char* key) const { return parse_position(text(key)).value(); }
  const Json& json() const { return json_; }

 private:
  const Json& json_;
};

struct Payload {
  DataKind kind;
  std::string bytes;
};

Payload payload_of(const Fields& view) {
  if (view.text("kind") == "json") return {DataKind::Json, std::string(view.text("data"))};
  return {DataKind::Binary, testing::from_hex(view.text("data"))};
}

MessageView message_of(const Fields& view, const Payload& payload) {
  return {.channel = view.text("channel"),
          .position = {*Epoch::parse(view.text("epoch")), view.number<std::uint64_t>("offset")},
          .timestamp = {view.number<std::int64_t>("microseconds")},
          .data = payload.bytes,
          .kind = payload.kind,
          .from = {.user = view.text("user"), .client = view.text("client")},
          .key = view.text("key")};
}

Welcome welcome_of(const Fields& reply) {
  return {.client = reply.text("client"),
          .session = reply.text("session"),
          .ping = std::chrono::seconds(reply.number<int>("ping_s")),
          .max_message_bytes = reply.number<std::size_t>("max_message_bytes"),
          .max_subscriptions = reply.number<std::size_t>("max_subscriptions")};
}

Receipt receipt_of(const Fields& reply) {
  return {.channel = reply.text("channel"),
          .position = reply.position("position"),
          .timestamp = {reply.number<std::int64_t>("microseconds")},
          .duplicate = reply.number<bool>("duplicate")};
}

Problem problem_of(const Fields& reply) {
  Problem problem{.code = code_of(std::string(reply.text("code"))),
                  .detail = reply.text("detail"),
                  .position = reply.text("position"),
                  .retained = reply.text("retained")};
  if (reply.has("wait_ms")) {
    problem.wait = std::chrono::milliseconds(reply.number<std::int64_t>("wait_ms"));
  }
  return problem;
}

/// As a command in that encoding would have written it.
std::string id_of(const Fields& reply, Encoding encoding) {
  const std::string raw(reply.text("id"));
  if (raw.empty() || encoding == Encoding::Json) return raw;
  std::string octets;
  Json::to_cbor(Json::parse(raw), octets);
  return octets;
}

void append_page(std::string& out, const Fields& reply, Encoding encoding) {
  std::vector<Payload> payloads;
  payloads.reserve(reply.json()["messages"].size());
  for (const Json& view : reply.json()["messages"]) payloads.push_back(payload_of(Fields(view)));
  std::vector<MessageView> messages;
  messages.reserve(payloads.size());
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    messages.push_back(message_of(Fields(reply.json()["messages"][i]), payloads[i]));
  }
  append_ok(out, id_of(reply, encoding),
            HistoryPage{.channel = reply.text("channel"),
                        .messages = messages,
                        .position = reply.position("position"),
                        .more = reply.number<bool>("more"),
                        .gap = reply.has("gap")},
            encoding);
}

using Append = std::function<void(std::string&, const Fields&, Encoding)>;

const std::map<std::string, Append> kReplies{
    {"ok", [](auto& out, const auto& reply,
              auto encoding) { append_ok(out, id_of(reply, encoding), encoding); }},
    {"welcome", [](auto& out, const auto& reply,
                   auto encoding) { append_welcome(out, welcome_of(reply), encoding); }},
    {"connected",
     [](auto& out, const auto& reply, auto encoding) {
       append_ok(out, id_of(reply, encoding), welcome_of(reply), encoding);
     }},
    {"subscribed",
     [](auto& out, const auto& reply, auto encoding) {
       append_ok(out, id_of(reply, encoding),
                 Subscribed{.channel = reply.text("channel"),
                            .position = reply.position("position"),
                            .recovered = reply.template number<bool>("recovered"),
                            .contiguous = reply.template number<bool>("contiguous"),
                            .more = reply.template number<bool>("more")},
                 encoding);
     }},
    {"published",
     [](auto& out, const auto& reply, auto encoding) {
       append_ok(out, id_of(reply, encoding), receipt_of(reply), encoding);
     }},
    {"history", append_page},
    {"gap",
     [](auto& out, const auto& reply, auto encoding) {
       append_gap(out, {reply.text("channel"), reply.position("position")}, encoding);
     }},
    {"unsubscribed",
     [](auto& out, const auto& reply, auto encoding) {
       append_unsubscribed(out, reply.text("channel"), encoding);
     }},
    {"pong", [](auto& out, const auto& reply,
                auto encoding) { append_pong(out, id_of(reply, encoding), encoding); }},
    {"closing",
     [](auto& out, const auto& reply, auto encoding) {
       append_closing(out,
                      {.code = code_of(std::string(reply.text("code"))),
                       .reconnect = reply.template number<bool>("reconnect"),
                       .wait = std::chrono::milliseconds(reply.template number<int>("wait_ms"))},
                      encoding);
     }},
    {"error",
     [](auto& out, const auto& reply, auto encoding) {
       append_error(out, id_of(reply, encoding), problem_of(reply), encoding);
     }},
    // Of HTTP alone:
    {"receipt", [](auto& out, const auto& reply, auto) { append_receipt(out, receipt_of(reply)); }},
    {"position",
     [](auto& out, const auto& reply, auto) {
       append_position_event(out, parse_position_list(reply.text("positions")).value(),
                             reply.template number<bool>("recovered"),
                             reply.template number<bool>("contiguous"));
     }},
    {"problem",
     [](auto& out, const auto& reply, auto) {
       if (reply.has("status")) {
         append_problem(out, problem_of(reply), reply.template number<std::uint16_t>("status"),
                        reply.text("title"));
       } else {
         append_problem(out, problem_of(reply));
       }
     }},
};

/// What a vector says in CBOR, from an implementation that is not ours, in the order of its keys.
std::string cbor_of(const Json& vector) {
  return testing::from_hex(vector["cbor"].get<std::string>());
}

TEST(EncodeMessage, WritesEveryVectorOctetForOctet) {
  for (const Json& vector : read_vectors("native", "messages")) {
    const Payload payload = payload_of(Fields(vector["view"]));
    std::string out = "[";
    append_message(out, message_of(Fields(vector["view"]), payload));
    EXPECT_EQ(out, "[" + vector["json"].get<std::string>());
    std::string octets = "[";
    append_message(octets, message_of(Fields(vector["view"]), payload), Encoding::Cbor);
    EXPECT_EQ(to_hex(octets), to_hex("[" + cbor_of(vector)));
  }
}

TEST(EncodeEphemeral, WritesEveryVectorOctetForOctet) {
  for (const Json& vector : read_vectors("native", "ephemerals")) {
    const Fields view(vector["view"]);
    const Payload payload = payload_of(view);
    const EphemeralView ephemeral{
        .channel = view.text("channel"),
        .data = payload.bytes,
        .kind = payload.kind,
        .from = {.user = view.text("user"), .client = view.text("client")}};
    std::string out;
    append_ephemeral(out, ephemeral);
    EXPECT_EQ(out, vector["json"].get<std::string>());
    std::string octets;
    append_ephemeral(octets, ephemeral, Encoding::Cbor);
    EXPECT_EQ(to_hex(octets), to_hex(cbor_of(vector)));
  }
}

TEST(EncodeReply, WritesEveryVectorOctetForOctet) {
  for (const Json& vector : read_vectors("native", "replies")) {
    std::string out;
    const Append& append = kReplies.at(vector["kind"].get<std::string>());
    append(out, Fields(vector), Encoding::Json);
    EXPECT_EQ(out, vector["json"].get<std::string>());
    EXPECT_TRUE(json::validate(out)) << out;
    if (!vector.contains("cbor")) continue;
    std::string octets;
    append(octets, Fields(vector), Encoding::Cbor);
    EXPECT_EQ(to_hex(octets), to_hex(cbor_of(vector))) << out;
  }
}

TEST(EncodeReply, VectorsHoldEveryReply) {
  std::set<std::string> seen;
  for (const Json& vector : read_vectors("native", "replies")) {
    seen.insert(vector["kind"].get<std::string>());
  }
  for (const auto& [kind, append] : kReplies) EXPECT_TRUE(seen.contains(kind)) << kind;
}

TEST(EncodePresence, SaysWhoAndHowMany) {
  const Member ann{.client = "c_1", .user = "ann", .info = "{}", .since = {1'732'412'345'678'001}};
  std::string join;
  append_presence(join, {.channel = "call:x",
                         .event = "join",
                         .member = ann,
                         .counts = {.clients = 2, .users = 1, .version = 7}});
  EXPECT_EQ(join, R"({"type":"presence","channel":"call:x","event":"join","client":"c_1",)"
                  R"("user":"ann","info":{},"since":1732412345678.001,)"
                  R"("clients":2,"users":1,"version":7})");
  std::string leave;
  append_presence(
      leave, {.channel = "call:x", .event = "leave", .member = {.client = "c_1"}, .cause = "lost"});
  EXPECT_EQ(leave, R"({"type":"presence","channel":"call:x","event":"leave","client":"c_1",)"
                   R"("cause":"lost","clients":0,"users":0,"version":0})");
}

TEST(EncodePresence, GivesPages) {
  const std::array members{Member{.client = "c_1", .data = "[1]", .since = {1'000}},
                           Member{.client = "c_2", .since = {2'000}}};
  std::string page;
  append_presence_page(page, {.channel = "call:x",
                              .members = members,
                              .counts = {.clients = 3, .users = 0, .version = 9},
                              .next = "c_2"});
  EXPECT_EQ(page, R"({"channel":"call:x","clients":3,"users":0,"version":9,"members":[)"
                  R"({"client":"c_1","data":[1],"since":1.000},{"client":"c_2","since":2.000}],)"
                  R"("next":"c_2"})");
}

TEST(EncodePresence, IsDeterministicCbor) {
  std::string leave;
  append_presence(leave,
                  {.channel = "c", .event = "leave", .member = {.client = "x"}, .cause = "left"},
                  Encoding::Cbor);
  // From npm's cbor-x, keys in the order of RFC 8949 §4.2.1.
  EXPECT_EQ(to_hex(leave),
            "a86474797065687072657365"
            "6e6365"
            "656361757365646c656674"
            "656576656e74656c65617665"
            "65757365727300"
            "66636c69656e746178"
            "676368616e6e656c6163"
            "67636c69656e747300"
            "6776657273696f6e00");
}

TEST(EncodeReply, NamesEveryCode) {
  for (const ProblemInfo& info : problem_table()) {
    std::string error;
    append_error(error, {}, {.code = info.code, .detail = "why"});
    EXPECT_EQ(Json::parse(error)["code"], info.text);
    std::string closing;
    append_closing(closing, {.code = info.code});
    EXPECT_EQ(Json::parse(closing)["code"], info.text);
  }
}

TEST(EncodeMessage, NeedsNoMemoryButItsResult) {
  const MessageView message{
      .channel = "chat:lobby",
      .position = {*Epoch::parse("abcdefghijklmnop"), 123'456'789},
      .timestamp = {1'732'412'345'678'001},
      .data = "some binary data that is longer than any small buffer",
      .kind = DataKind::Binary,
      .from = {.user = "somebody with a rather long name", .client = "c_8fk2"},
      .key = "a key that does not fit into a small string"};
  std::string out;
  out.reserve(4096);
  const std::size_t capacity = out.capacity();
  append_message(out, message);
  EXPECT_EQ(out.capacity(), capacity);
  EXPECT_TRUE(json::validate(out));
}

}  // namespace
}  // namespace carillon::native
