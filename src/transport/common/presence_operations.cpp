#include "transport/common/presence_operations.hpp"

#include <fmt/format.h>

#include <utility>

#include "hub/presence_desk.hpp"
#include "protocol/native/channel_name.hpp"
#include "transport/common/limiter.hpp"

namespace carillon::transport {
namespace {

using native::ProblemCode;

Result<void, Problem> check(Worker& worker, const Caller& caller, access::Action action,
                            Bytes channel) {
  TRY(check_channel(channel));
  TRY(require(worker, caller, action, channel));
  if (worker.hub().presence().keeps(channel)) return {};
  const Bytes space = native::channel_namespace(channel);
  return std::unexpected(Problem{
      .code = ProblemCode::NotSupported,
      .detail = space.empty() ? "it is not known who is in channels without a namespace"
                              : fmt::format("it is not known who is in the channels of namespace "
                                            "'{}': set presence = true in [namespace.{}]",
                                            space, space)});
}

Result<void, Problem> check_size(Bytes what, const native::Data& data, std::size_t most) {
  if (data.view().size() <= most) return {};
  return std::unexpected(Problem{.code = ProblemCode::TooLarge,
                                 .detail = fmt::format("{} of {} octets is over the limit of {}",
                                                       what, data.view().size(), most)});
}

Result<void, Problem> check_session(const Caller& caller) {
  if (caller.client) return {};
  return std::unexpected(
      Problem{.code = ProblemCode::BadRequest,
              .detail = "this takes a session: send what \"connect\" has answered as the header "
                        "Carillon-Session"});
}

Result<hub::ClientId, Problem> client_of(Bytes member, Bytes text) {
  const auto client = hub::parse_client_id(text);
  if (client) return *client;
  return std::unexpected(Problem{
      .code = ProblemCode::BadRequest,
      .detail =
          fmt::format("'{}' must be the id of a client, such as \"c_8fk2mnpqrstuv\"", member)});
}

Result<hub::PresenceQuery, Problem> query_of(Worker& worker, const Caller& caller,
                                             const native::Presence& command) {
  TRY(check(worker, caller, access::Action::Presence, command.channel));
  TRY(admit_history_read(worker, caller));
  hub::PresenceQuery query{.channel = command.channel, .after = {}, .limit = command.limit};
  if (command.after) query.after = TRY(client_of("after", *command.after));
  return query;
}

Result<hub::PresenceData, Problem> data_of(Worker& worker, const Caller& caller,
                                           const native::Presence& command) {
  TRY(check(worker, caller, access::Action::Subscribe, command.channel));
  TRY(check_session(caller));
  TRY(check_size("data", *command.data, kMostPresenceData));
  TRY(admit_presence_update(worker, caller));
  const Bytes data = command.data->view();
  return hub::PresenceData{.channel = command.channel,
                           .client = caller.client,
                           .data = std::string(data == "null" ? Bytes{} : data)};
}

Result<hub::ClientId, Problem> signalled_client(Worker& worker, const Caller& caller,
                                                const native::Signal& command) {
  TRY(check_session(caller));
  const hub::ClientId to = TRY(client_of("to", command.to));
  TRY(check_size("data of a signal", command.data, kMostSignalData));
  TRY(admit_signal(worker, caller));
  return to;
}

hub::PublishRequest signal_of(const Caller& caller, hub::ClientId to, const native::Data& data) {
  const bool is_json = data.kind() == native::DataKind::Json;
  return {
      .draft = {.channel = client_channel(to),
                .data = std::string(data.view()),
                .data_kind = is_json ? hub::DataKind::Json : hub::DataKind::Binary,
                .publisher = {.user = std::string(caller.identity.user()), .client = caller.client},
                .key = {}},
      .dedupe = {}};
}

}  // namespace

void list_members(Worker& worker, const Caller& caller, const native::Presence& command,
                  Outcome<hub::PresencePage> done) {
  auto query = query_of(worker, caller, command);
  if (!query) return done(std::unexpected(std::move(query.error())));
  worker.hub().presence().list(
      *std::move(query),
      [done = std::move(done)](Result<hub::PresencePage, hub::BrokerError> page) mutable {
        if (!page) return done(std::unexpected(to_problem(page.error())));
        done(*std::move(page));
      });
}

void show_presence(Worker& worker, const Caller& caller, const native::Presence& command,
                   Outcome<void> done) {
  auto data = data_of(worker, caller, command);
  if (!data) return done(std::unexpected(std::move(data.error())));
  worker.hub().presence().set_data(
      *std::move(data), [done = std::move(done)](Result<bool, hub::BrokerError> is_in) mutable {
        if (!is_in) return done(std::unexpected(to_problem(is_in.error())));
        if (*is_in) return done({});
        done(std::unexpected(Problem{.code = ProblemCode::Conflict,
                                     .detail = "you are not in this channel: subscribe first"}));
      });
}

void signal(Worker& worker, const Caller& caller, const native::Signal& command,
            Outcome<void> done) {
  const auto to = signalled_client(worker, caller, command);
  if (!to) return done(std::unexpected(to.error()));
  worker.hub().presence().find_together(
      {.one = caller.client, .other = *to},
      [&worker, request = signal_of(caller, *to, command.data),
       done = std::move(done)](Result<bool, hub::BrokerError> share) mutable {
        if (!share) return done(std::unexpected(to_problem(share.error())));
        if (!*share) {
          return done(std::unexpected(
              Problem{.code = ProblemCode::Forbidden,
                      .detail = "that client is in no channel with you: it may have left"}));
        }
        worker.hub().publish(
            std::move(request),
            [done = std::move(done)](Result<hub::Receipt, hub::BrokerError> receipt) mutable {
              if (!receipt) return done(std::unexpected(to_problem(receipt.error())));
              done({});
            });
      });
}

}  // namespace carillon::transport
