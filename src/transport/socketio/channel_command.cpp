#include "transport/socketio/channel_command.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>

#include "core/base64.hpp"
#include "protocol/json/writer.hpp"
#include "protocol/socketio/placeholder.hpp"

namespace carillon::transport {
namespace {

using native::ProblemCode;

/// How the arguments of an event are called, in their order; behind them an object of options may
/// follow.
struct Signature {
  std::string SocketIoEvents::* name;
  Bytes type;  // of the command
  bool has_data = false;
  bool has_options = false;
  Bytes first = "channel";  // the member that the first argument is
};

constexpr std::array<Signature, 7> kSignatures = {{
    {.name = &SocketIoEvents::subscribe, .type = "subscribe", .has_options = true},
    {.name = &SocketIoEvents::unsubscribe, .type = "unsubscribe"},
    {.name = &SocketIoEvents::publish, .type = "message", .has_data = true, .has_options = true},
    {.name = &SocketIoEvents::ephemeral, .type = "ephemeral", .has_data = true},
    {.name = &SocketIoEvents::history, .type = "history", .has_options = true},
    {.name = &SocketIoEvents::presence, .type = "presence", .has_options = true},
    {.name = &SocketIoEvents::signal, .type = "signal", .has_data = true, .first = "to"},
}};

Problem bad_arguments(const Signature& signature, Bytes name, Bytes why) {
  return {.code = ProblemCode::BadRequest,
          .detail = fmt::format("{}: give {}({}{}{}) and no more", why, name, signature.first,
                                signature.has_data ? ", data" : "",
                                signature.has_options ? ", options?" : "")};
}

/// Data that is a whole attachment is binary; one within other data has no place in a publication.
Result<void, Problem> add_data(json::ObjectWriter& command, const socketio::Packet& event,
                               Bytes data) {
  const auto placeholders = event.attachments.empty() ? std::vector<socketio::Placeholder>()
                                                      : socketio::find_placeholders(data);
  if (placeholders.empty()) {
    command.raw("data", data);
    return {};
  }
  const socketio::Placeholder& first = placeholders.front();
  if (first.length != data.size() || !first.number || *first.number >= event.attachments.size()) {
    return std::unexpected(Problem{
        .code = ProblemCode::BadRequest,
        .detail = "binary data is published as a whole, not within other data: send a Buffer or "
                  "an ArrayBuffer as the data, or write it as text"});
  }
  command.text("data", base64_encode(event.attachments[*first.number]));
  command.text("encoding", "base64");
  return {};
}

/// The members of an object that is known to be one, without its braces.
Bytes members_of(Bytes object) {
  const std::size_t first = object.find_first_not_of(" \t\r\n", 1);
  return first == object.size() - 1 ? Bytes{} : object.substr(1, object.size() - 2);
}

}  // namespace

Result<std::string, Problem> command_text(const socketio::Packet& event,
                                          const SocketIoEvents& names) {
  const std::string name = event.event();
  const Signature* signature = nullptr;
  for (const Signature& each : kSignatures) {
    if (names.*each.name == name) signature = &each;
  }
  if (signature == nullptr) {
    return std::unexpected(Problem{.code = ProblemCode::NotSupported,
                                   .detail = "no event of this name is served here"});
  }
  const std::size_t count = event.elements.size() - 1;
  const std::size_t least = signature->has_data ? 2 : 1;
  const std::size_t most = least + (signature->has_options ? 1 : 0);
  if (count < least) return std::unexpected(bad_arguments(*signature, name, "too few arguments"));
  if (count > most) return std::unexpected(bad_arguments(*signature, name, "too many arguments"));
  std::string text;
  json::ObjectWriter command(text);
  command.text("type", signature->type).raw(signature->first, event.element(1).raw);
  if (signature->has_data) TRY(add_data(command, event, event.element(2).raw));
  if (count == most && signature->has_options) {
    const json::Value options = event.element(most);
    if (options.kind != json::Kind::Object && options.kind != json::Kind::Null) {
      return std::unexpected(bad_arguments(*signature, name, "the options are no object"));
    }
    const Bytes members = options.kind == json::Kind::Null ? Bytes{} : members_of(options.raw);
    if (!members.empty()) text.append(",").append(members);
  }
  command.finish();
  return text;
}

}  // namespace carillon::transport
