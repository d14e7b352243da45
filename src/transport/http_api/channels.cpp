// The list of channels: for operators on this machine, and for back ends.
#include <functional>
#include <string>

#include "protocol/json/writer.hpp"
#include "protocol/native/channel_name.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/channel_query.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/introduction.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/worker.hpp"
#include "transport/http_api/routes.hpp"

namespace carillon::transport {
namespace {

std::string list_json(const hub::ChannelList& list) {
  std::string out = R"({"channels":[)";
  for (const hub::ChannelInfo& channel : list.channels) {
    if (out.back() != '[') out.push_back(',');
    json::ObjectWriter(out)
        .text("channel", channel.name)
        .text("position", to_text(channel.top))
        .integer("publications", channel.publication_count)
        .integer("history_bytes", channel.history_bytes)
        .integer("subscriptions", channel.subscription_count)
        .finish();
  }
  out.append("]");
  if (!list.at_end && !list.channels.empty()) {
    out.append(R"(,"next":)");
    json::append_string(out, list.channels.back().name);
  }
  return out.append("}");
}

/// Whoever has an API key sees the channels that it is for.
std::function<bool(Bytes)> visible_to(const access::Identity& identity) {
  return [key = identity.api_key](Bytes channel) {
    return native::channel_namespace(channel) != kInternalNamespace &&
           (!key || key->grants.cover(channel));
  };
}

void list_channels(Worker& worker, Exchange& exchange, const Caller& caller) {
  const Request& request = exchange.request();
  if (auto allowed = require(worker, caller, access::Action::ListChannels, {}); !allowed) {
    return exchange.respond(problem_response(allowed.error()));
  }
  auto limit = number_of(request, "limit", 1, hub::limits::kPageChannels);
  if (!limit) return exchange.respond(problem_response(limit.error()));
  hub::ListRequest list{.prefix = std::string(request.parameter("prefix").value_or("")),
                        .after = std::string(request.parameter("after").value_or("")),
                        .wanted = visible_to(caller.identity)};
  if (*limit) list.limit = **limit;
  worker.hub().list_channels(
      std::move(list),
      [&worker, handle = exchange.handle()](Result<hub::ChannelList, hub::BrokerError> channels) {
        Exchange* waiting = worker.find(handle);
        if (waiting == nullptr) return;
        if (!channels) return waiting->respond(problem_response(to_problem(channels.error())));
        waiting->respond(json_response(200, list_json(*channels)).add("Cache-Control", "no-store"));
      });
}

}  // namespace

void serve_channels(Worker& worker, Exchange& exchange) {
  with_caller(worker, exchange, TransportKind::Http, list_channels);
}

}  // namespace carillon::transport
