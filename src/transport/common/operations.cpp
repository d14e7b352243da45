#include "transport/common/operations.hpp"

#include <fmt/format.h>

#include <utility>

#include "protocol/native/channel_name.hpp"
#include "transport/common/limiter.hpp"
#include "transport/common/schema_check.hpp"

namespace carillon::transport {
namespace {

using native::ProblemCode;

hub::DataKind kind_of(const native::Data& data) {
  return data.kind() == native::DataKind::Json ? hub::DataKind::Json : hub::DataKind::Binary;
}

std::uint64_t most_bytes(const Settings& settings, Bytes channel) {
  const auto& namespaces = settings.limits.namespaces;
  if (namespaces.empty()) return settings.message_bytes;
  const auto found = namespaces.find(native::channel_namespace(channel));
  const bool says_so = found != namespaces.end() && found->second.publication_bytes != 0;
  return says_so ? found->second.publication_bytes : settings.message_bytes;
}

Result<void, Problem> check_data(Worker& worker, Bytes channel, const native::Data& data) {
  const std::uint64_t limit = most_bytes(worker.settings(), channel);
  if (data.view().size() <= limit) return {};
  return std::unexpected(Problem{.code = ProblemCode::TooLarge,
                                 .detail = fmt::format("data of {} octets is over the limit of {}",
                                                       data.view().size(), limit)});
}

Result<void, Problem> check(Worker& worker, const Caller& caller, access::Action action,
                            Bytes channel) {
  TRY(check_channel(channel));
  return require(worker, caller, action, channel);
}

/// What is about to be published: by whom, where, how much, how often, and what: last, since that
/// costs most.
Result<void, Problem> check_publication(Worker& worker, const Caller& caller, access::Action action,
                                        Bytes channel, const native::Data& data) {
  TRY(check(worker, caller, action, channel));
  TRY(check_data(worker, channel, data));
  const std::size_t bytes = data.view().size();
  if (caller.spending == nullptr) TRY(admit_message(worker, caller, bytes));
  TRY(admit_publication(worker, caller, channel, bytes));
  return check_schema(worker, channel, kind_of(data), data.view());
}

hub::PublicationDraft draft_of(const Caller& caller, Bytes channel, const native::Data& data) {
  return {.channel = std::string(channel),
          .data = std::string(data.view()),
          .data_kind = kind_of(data),
          .publisher = {.user = std::string(caller.identity.user()), .client = caller.client},
          .key = {}};
}

/// Names the publisher for idempotency: keys of two publishers never meet.
std::string dedupe_scope(const Caller& caller) {
  if (caller.identity.api_key) return "k:" + caller.identity.api_key->name;
  if (!caller.identity.user().empty()) return "u:" + std::string(caller.identity.user());
  if (caller.client) return "c:" + hub::to_text(caller.client);
  return {};
}

hub::ReadStart start_of(const native::History& command) {
  if (command.after) return hub::After{*command.after};
  if (command.before) return hub::Before{*command.before};
  if (command.since) return hub::Since{*command.since};
  return hub::Latest{};
}

template <class Value>
hub::Completion<Value> forward(Outcome<Value> done) {
  return [done = std::move(done)](Result<Value, hub::BrokerError> result) mutable {
    if (!result) return done(std::unexpected(to_problem(result.error())));
    if constexpr (std::is_void_v<Value>) {
      done({});
    } else {
      done(std::move(*result));
    }
  };
}

}  // namespace

Result<void, Problem> check_channel(Bytes name) {
  if (native::is_channel_name(name)) return {};
  return std::unexpected(Problem{
      .code = ProblemCode::BadRequest,
      .detail = "a channel's name is 1 to 128 characters of A-Z a-z 0-9 _ . : / @ | + = ~ ! -"});
}

Problem gone(const hub::Page& page) {
  const char* detail = page.continuity == hub::Continuity::Pruned
                           ? "publications after this position are no longer retained"
                       : page.continuity == hub::Continuity::Future
                           ? "this position is beyond the newest publication"
                           : "this position is of another life of the channel";
  return {.code = ProblemCode::Gone,
          .detail = detail,
          .position = to_text(page.top),
          .retained = to_text(page.begin)};
}

void publish(Worker& worker, const Caller& caller, Bytes channel, const native::Publish& command,
             Outcome<hub::Receipt> done) {
  if (auto checked =
          check_publication(worker, caller, access::Action::Publish, channel, command.data);
      !checked) {
    return done(std::unexpected(std::move(checked.error())));
  }
  hub::PublishRequest request{.draft = draft_of(caller, channel, command.data), .dedupe = {}};
  request.draft.key = command.key.value_or("");
  if (command.dedupe) {
    request.dedupe = {.scope = dedupe_scope(caller), .key = *command.dedupe};
  }
  worker.hub().publish(std::move(request), forward(std::move(done)));
}

void publish_ephemeral(Worker& worker, const Caller& caller, Bytes channel,
                       const native::Ephemeral& command, Outcome<void> done) {
  if (auto checked =
          check_publication(worker, caller, access::Action::Ephemeral, channel, command.data);
      !checked) {
    return done(std::unexpected(std::move(checked.error())));
  }
  worker.hub().publish_ephemeral(draft_of(caller, channel, command.data), forward(std::move(done)));
}

void read_history(Worker& worker, const Caller& caller, const native::History& command,
                  Outcome<hub::Page> done) {
  const bool goes_on = command.after || command.since;
  const auto action = goes_on ? access::Action::Subscribe : access::Action::History;
  if (auto checked = check(worker, caller, action, command.channel); !checked) {
    return done(std::unexpected(std::move(checked.error())));
  }
  if (auto admitted = admit_history_read(worker, caller); !admitted) {
    return done(std::unexpected(std::move(admitted.error())));
  }
  worker.hub().read(
      {.channel = command.channel, .start = start_of(command), .limit = command.limit},
      forward(std::move(done)));
}

}  // namespace carillon::transport
