#include "facade/publish.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "facade/guard.hpp"
#include "hub/hub.hpp"
#include "protocol/json/validator.hpp"
#include "protocol/native/channel_name.hpp"
#include "transport/common/schema_check.hpp"

namespace carillon::facade {
namespace {

using Done = std::function<void(const PublishResult&)>;

/// Names the application for idempotency, apart from all clients.
constexpr const char* kDedupeScope = "a:";

bool may_be_published(const Core& core, Bytes channel, Bytes data, DataKind kind) {
  if (!native::is_channel_name(channel)) return false;
  if (native::channel_namespace(channel) == transport::kInternalNamespace) return false;
  if (data.size() > core.settings().message_bytes) return false;
  return kind != DataKind::Json || json::validate(data).has_value();
}

/// JSON travels without line breaks; outside its strings, where alone they may stand, they mean
/// nothing.
std::string one_line(Bytes json) {
  std::string line(json);
  std::ranges::replace_if(line, [](char octet) { return octet == '\r' || octet == '\n'; }, ' ');
  return line;
}

hub::PublishRequest request_of(Bytes channel, Bytes data, const PublishOptions& options) {
  const bool is_json = options.kind == DataKind::Json;
  hub::PublishRequest request{
      .draft = {.channel = std::string(channel),
                .data = is_json ? one_line(data) : std::string(data),
                .data_kind = is_json ? hub::DataKind::Json : hub::DataKind::Binary,
                .publisher = {},
                .key = std::string(options.key)},
      .dedupe = {}};
  if (!options.dedupe.empty()) {
    request.dedupe = {.scope = kDedupeScope, .key = std::string(options.dedupe)};
  }
  return request;
}

void tell(const Done& done, const PublishResult& result) {
  if (done) guarded("publish's done", [&] { done(result); });
}

template <class Value>
hub::Completion<Value> completion(Done done) {
  return [done = std::move(done)](Result<Value, hub::BrokerError> result) {
    std::string position;
    PublishResult told;
    if (!result) {
      told.error = hub::describe(result.error());
    } else if constexpr (!std::is_void_v<Value>) {
      position = to_text(result->position);
      told.position = position;
    }
    tell(done, told);
  };
}

}  // namespace

bool publish(Core& core, std::string_view channel, std::string_view data,
             const PublishOptions& options, Done done) {
  if (!may_be_published(core, channel, data, options.kind)) return false;
  const std::size_t reactor = Core::reactor_of(core.make_number());
  auto task = [request = request_of(channel, data, options), is_ephemeral = options.ephemeral,
               done = std::move(done)](Local& local) mutable {
    const hub::PublicationDraft& draft = request.draft;
    if (const auto checked =
            transport::check_schema(local.worker(), draft.channel, draft.data_kind, draft.data);
        !checked) {
      return tell(done, {.error = checked.error().detail});
    }
    if (is_ephemeral) {
      local.hub().publish_ephemeral(std::move(request.draft), completion<void>(std::move(done)));
    } else {
      local.hub().publish(std::move(request), completion<hub::Receipt>(std::move(done)));
    }
  };
  return core.run_at(reactor, std::move(task), data.size());
}

}  // namespace carillon::facade
