#include "transport/common/commands.hpp"

#include <utility>
#include <variant>
#include <vector>

#include "protocol/native/encode.hpp"
#include "transport/common/operations.hpp"
#include "transport/common/presence_operations.hpp"
#include "transport/common/publication_json.hpp"

namespace carillon::transport {
namespace {

using native::ProblemCode;

std::string history_reply(Bytes id, Bytes channel, const hub::Page& page,
                          native::Encoding encoding) {
  std::vector<std::string> clients(page.publications.size());
  std::vector<native::MessageView> messages;
  messages.reserve(page.publications.size());
  for (std::size_t i = 0; i < page.publications.size(); ++i) {
    messages.push_back(message_view(*page.publications[i], clients[i]));
  }
  std::string out;
  native::append_ok(out, id,
                    native::HistoryPage{.channel = channel,
                                        .messages = messages,
                                        .position = page.position,
                                        .more = !page.at_end,
                                        .gap = page.continuity != hub::Continuity::Unbroken},
                    encoding);
  return out;
}

/// One run of one command. It travels with the request to the hub, so it owns what it needs.
struct Runner {
  Worker& worker;
  std::string id;
  native::Encoding encoding;
  ReplyWhen when;
  Reply reply;

  bool wanted() const { return when == ReplyWhen::Always || !id.empty(); }

  void fail(const Problem& problem) {
    ++worker.probe().command_errors;
    reply(error_reply(id, problem, encoding));
  }

  /// False after the failure has been told.
  bool has_channel(const std::optional<std::string>& channel) {
    if (channel) return true;
    fail({.code = ProblemCode::BadRequest, .detail = "'channel' is missing"});
    return false;
  }

  void run(const Caller& caller, const native::Publish& command) {
    if (!has_channel(command.channel)) return;
    Worker& where = worker;
    publish(
        where, caller, *command.channel, command,
        [runner = std::move(*this),
         channel = *command.channel](Result<hub::Receipt, Problem> result) mutable {
          if (!result) return runner.fail(result.error());
          runner.reply(runner.wanted() ? runner.receipt_reply(channel, *result) : std::string{});
        });
  }

  void run(const Caller& caller, const native::Ephemeral& command) {
    if (!has_channel(command.channel)) return;
    Worker& where = worker;
    publish_ephemeral(where, caller, *command.channel, command, std::move(*this).told());
  }

  void run(const Caller& caller, const native::History& command) {
    Worker& where = worker;
    read_history(where, caller, command,
                 [runner = std::move(*this), channel = command.channel,
                  resumes = command.after.has_value()](Result<hub::Page, Problem> page) mutable {
                   if (!page) return runner.fail(page.error());
                   if (resumes && page->continuity != hub::Continuity::Unbroken) {
                     return runner.fail(gone(*page));
                   }
                   runner.reply(runner.wanted()
                                    ? history_reply(runner.id, channel, *page, runner.encoding)
                                    : std::string{});
                 });
  }

  void run(const Caller& caller, const native::Presence& command) {
    Worker& where = worker;
    if (command.data) return show_presence(where, caller, command, std::move(*this).told());
    list_members(where, caller, command,
                 [runner = std::move(*this),
                  channel = command.channel](Result<hub::PresencePage, Problem> page) mutable {
                   if (!page) return runner.fail(page.error());
                   std::string out;
                   if (runner.wanted()) {
                     native::append_ok(out, runner.id, PresenceText(channel, *page).view(),
                                       runner.encoding);
                   }
                   runner.reply(std::move(out));
                 });
  }

  void run(const Caller& caller, const native::Signal& command) {
    Worker& where = worker;
    signal(where, caller, command, std::move(*this).told());
  }

  /// Answers with success alone.
  Outcome<void> told() && {
    return [runner = std::move(*this)](Result<void, Problem> result) mutable {
      if (!result) return runner.fail(result.error());
      std::string out;
      if (runner.wanted()) native::append_ok(out, runner.id, runner.encoding);
      runner.reply(std::move(out));
    };
  }

  void run(const Caller& /*caller*/, const native::Ping& /*command*/) {
    std::string out;
    native::append_pong(out, id, encoding);
    reply(std::move(out));
  }

  template <class Other>
  void run(const Caller& /*caller*/, const Other& /*command*/) {
    fail({.code = ProblemCode::NotSupported, .detail = "this command is not served here"});
  }

  std::string receipt_reply(Bytes channel, const hub::Receipt& receipt) const {
    std::string out;
    native::append_ok(out, id,
                      native::Receipt{.channel = channel,
                                      .position = receipt.position,
                                      .timestamp = receipt.timestamp,
                                      .duplicate = receipt.duplicate},
                      encoding);
    return out;
  }
};

}  // namespace

void run_command(Worker& worker, const Caller& caller, native::ParsedCommand command,
                 ReplyWhen when, Reply reply) {
  ++worker.probe().commands;
  Runner runner{.worker = worker,
                .id = std::move(command.id),
                .encoding = command.encoding,
                .when = when,
                .reply = std::move(reply)};
  std::visit([&](const auto& what) { runner.run(caller, what); }, command.command);
}

std::string error_reply(Bytes id, const Problem& problem, native::Encoding encoding) {
  std::string out;
  native::append_error(out, id, problem.view(), encoding);
  return out;
}

std::string error_reply(const native::CommandError& error) {
  return error_reply(error.id, Problem{.code = error.code, .detail = error.message},
                     error.encoding);
}

native::Welcome WelcomeText::view(const Worker& worker) const {
  const Settings& settings = worker.settings();
  return {.client = client,
          .session = session,
          .ping = std::chrono::duration_cast<std::chrono::seconds>(
              settings.websocket.keepalive.ping_interval),
          .max_message_bytes = settings.websocket.message_bytes,
          .max_subscriptions = settings.session.subscriptions};
}

WelcomeText make_welcome(Worker& worker, const Caller& caller) {
  return {.client = hub::to_text(caller.client),
          .session = session_token(worker, caller.client, caller.identity.user())};
}

}  // namespace carillon::transport
