// Commands and bodies of strangers: whatever is accepted must be sayable again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "core/check.hpp"
#include "core/position.hpp"
#include "core/utf8.hpp"
#include "protocol/json/validator.hpp"
#include "protocol/json/writer.hpp"
#include "protocol/native/channel_name.hpp"
#include "protocol/native/encode.hpp"
#include "protocol/native/parse.hpp"

namespace {

using namespace carillon;
using namespace carillon::native;

void check_data(const Data& data) {
  if (data.kind() == DataKind::Binary) return;
  // What is put together from other members has lost none of the depth it had.
  CARILLON_CHECK(json::validate(data.view()));
  CARILLON_CHECK(!json::has_newlines(data.view()));
}

void check_channel(const std::string& channel) {
  CARILLON_CHECK(is_channel_name(channel));
}

struct Check {
  void operator()(const Connect&) const {}
  void operator()(const Subscribe& subscribe) const {
    check_channel(subscribe.channel);
    CARILLON_CHECK(!subscribe.after || !subscribe.history);
    CARILLON_CHECK(subscribe.history.value_or(0) <= Limits().page);
  }
  void operator()(const Unsubscribe& unsubscribe) const { check_channel(unsubscribe.channel); }
  void operator()(const Publish& publish) const {
    if (publish.channel) check_channel(*publish.channel);
    check_data(publish.data);
    std::string out;
    append_message(out, {.channel = publish.channel ? Bytes(*publish.channel) : kDefaultChannel,
                         .position = {*Epoch::parse("e"), 1},
                         .timestamp = {1},
                         .data = publish.data.view(),
                         .kind = publish.data.kind(),
                         .key = publish.key ? Bytes(*publish.key) : Bytes()});
    CARILLON_CHECK(json::validate(out, {.depth = 65}));
  }
  void operator()(const Ephemeral& ephemeral) const {
    if (ephemeral.channel) check_channel(*ephemeral.channel);
    check_data(ephemeral.data);
  }
  void operator()(const Signal& signal) const { check_data(signal.data); }
  void operator()(const History& history) const {
    check_channel(history.channel);
    CARILLON_CHECK(history.limit >= 1 && history.limit <= Limits().page);
  }
  void operator()(const Presence& presence) const { check_channel(presence.channel); }
  void operator()(const Rpc& rpc) const {
    if (rpc.data) check_data(*rpc.data);
  }
  void operator()(const Ping&) const {}
};

void check_id(const std::string& id) {
  CARILLON_CHECK(id.size() <= kMaxIdBytes);
  CARILLON_CHECK(id.empty() || json::validate(id));
}

void check_error(const CommandError& error) {
  check_id(error.id);
  CARILLON_CHECK(is_utf8(error.message) && !error.message.empty() && error.message.size() < 200);
  std::string out;
  append_error(out, error.id, {.code = error.code, .detail = error.message});
  CARILLON_CHECK(json::validate(out));
}

void check_command(const Result<ParsedCommand, CommandError>& result) {
  if (!result) {
    check_error(result.error());
    return;
  }
  check_id(result->id);
  std::visit(Check(), result->command);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes text(reinterpret_cast<const char*>(data), size);
  const auto command = parse_command(text);
  check_command(command);
  if (command) CARILLON_CHECK(json::validate(text));
  if (const auto body = parse_commands_body(text)) {
    for (const auto& item : body->items) check_command(item);
  } else {
    check_error(body.error());
  }
  if (const auto body = parse_publish_body(text)) {
    for (const auto& item : body->items) {
      if (item) {
        Check()(*item);
      } else {
        check_error(item.error());
      }
    }
  } else {
    check_error(body.error());
  }
  return 0;
}
