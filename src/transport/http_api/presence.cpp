// Who is in a channel: for clients that may know it, and for back ends.
#include <fmt/format.h>

#include <string>
#include <utility>

#include "net/reactor.hpp"
#include "protocol/native/encode.hpp"
#include "protocol/native/limits.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/channel_query.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/presence_operations.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/publication_json.hpp"
#include "transport/common/tagged_response.hpp"
#include "transport/common/worker.hpp"
#include "transport/http_api/routes.hpp"
#include "transport/http_api/target.hpp"

namespace carillon::transport {
namespace {

Result<native::Presence, Problem> query_of(const Request& request,
                                           const access::Identity& identity) {
  const native::Limits limits;
  std::vector<std::string> channels = TRY(channels_of(request, identity));
  if (channels.size() != 1) return std::unexpected(bad_request("ask for one channel at a time"));
  native::Presence query{.channel = std::move(channels.front()), .limit = limits.default_page};
  const auto limit = TRY(number_of(request, "limit", 0, limits.page));
  if (limit) query.limit = static_cast<std::uint32_t>(*limit);
  if (const auto after = request.parameter("after")) query.after = std::string(*after);
  return query;
}

/// An unchanged roster costs who polls it no body.
Response page_response(Worker& worker, const Request& request, Bytes channel,
                       const hub::PresencePage& page) {
  const std::string etag = fmt::format("\"{}\"", page.version);
  return tagged_json_response(request, etag, worker.reactor().wall_clock(), [&] {
    std::string body;
    native::append_presence_page(body, PresenceText(channel, page).view());
    return body;
  });
}

Result<void, Problem> read_presence(Worker& worker, Exchange& exchange, const Caller& caller) {
  const native::Presence query = TRY(query_of(exchange.request(), caller.identity));
  list_members(worker, caller, query,
               [&worker, channel = query.channel,
                handle = exchange.handle()](Result<hub::PresencePage, Problem> page) {
                 Exchange* const waiting = worker.find(handle);
                 if (waiting == nullptr) return;
                 if (!page) return waiting->respond(problem_response(page.error()));
                 waiting->respond(page_response(worker, waiting->request(), channel, *page));
               });
  return {};
}

}  // namespace

void serve_presence(Worker& worker, Exchange& exchange) {
  serve_call(worker, exchange, read_presence);
}

}  // namespace carillon::transport
