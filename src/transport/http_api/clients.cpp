// The list of what a user, or one client, holds open.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/json/writer.hpp"
#include "transport/common/channel_query.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/round.hpp"
#include "transport/http_api/routes.hpp"
#include "transport/http_api/target.hpp"

namespace carillon::transport {
namespace {

/// Clients of one page, and channels that are named of each: a page stays below a mebibyte or so.
constexpr std::size_t kPageClients = 100;
constexpr std::size_t kNamedChannels = 100;

/// Where a client is in the list: on which reactor, and where there.
struct Place {
  std::uint32_t reactor = 0;
  EndpointPlace endpoint;
  auto operator<=>(const Place&) const = default;
};

struct Row {
  Place place;
  std::string json;
};

struct ClientQuery {
  Target target;
  std::shared_ptr<const access::ApiKey> key;  // whose patterns say which channels are named
  std::optional<Place> after;
  std::size_t limit = kPageClients;
};

/// Three numbers with dashes between them.
std::optional<Place> parse_place(Bytes text) {
  std::array<std::uint32_t, 3> numbers{};
  const char* at = text.data();
  const char* const last = at + text.size();
  for (std::uint32_t& number : numbers) {
    if (&number != numbers.data() && (at == last || *at++ != '-')) return std::nullopt;
    const auto [end, error] = std::from_chars(at, last, number);
    if (error != std::errc{}) return std::nullopt;
    at = end;
  }
  const auto last_table = static_cast<std::uint32_t>(EndpointPlace::Table::Exchanges);
  if (at != last || numbers[1] > last_table) return std::nullopt;
  return Place{
      .reactor = numbers[0],
      .endpoint = {.table = static_cast<EndpointPlace::Table>(numbers[1]), .slot = numbers[2]}};
}

std::string to_text(const Place& place) {
  return fmt::format("{}-{}-{}", place.reactor, static_cast<unsigned>(place.endpoint.table),
                     place.endpoint.slot);
}

std::string row_json(const Endpoint& endpoint, const access::ApiKey& key) {
  std::vector<Bytes> channels = endpoint.channels();
  std::erase_if(channels, [&key](Bytes channel) { return !key.grants.cover(channel); });
  std::string out;
  json::ObjectWriter object(out);
  if (endpoint.client()) object.text("client", hub::to_text(endpoint.client()));
  const Bytes user = endpoint.identity().user();
  if (!user.empty()) object.text("user", user);
  object.text("transport", kTransportNames[static_cast<std::size_t>(endpoint.transport())]);
  append_text(object.begin("since"), endpoint.opened_at());
  std::string& list = object.begin("channels");
  list.push_back('[');
  for (std::size_t i = 0; i < std::min(channels.size(), kNamedChannels); ++i) {
    if (i > 0) list.push_back(',');
    json::append_string(list, channels[i]);
  }
  list.push_back(']');
  object.integer("subscriptions", channels.size()).finish();
  return out;
}

/// One more than are wanted, so that the page knows whether it is the last.
std::vector<Row> rows_of(Worker& worker, const ClientQuery& query) {
  std::vector<Row> rows;
  const auto reactor = static_cast<std::uint32_t>(worker.reactor().index());
  for_each_endpoint(worker, [&](EndpointPlace here, Endpoint& endpoint) {
    const Place place{.reactor = reactor, .endpoint = here};
    if (rows.size() > query.limit || (query.after && place <= *query.after)) return;
    if (query.target.fits(endpoint)) rows.push_back({place, row_json(endpoint, *query.key)});
  });
  return rows;
}

std::string page_json(const std::vector<std::vector<Row>>& parts, std::size_t limit) {
  std::string out;
  json::ObjectWriter page(out);
  std::string& list = page.begin("clients");
  list.push_back('[');
  std::optional<Place> last;
  std::size_t count = 0;
  std::size_t found = 0;
  for (const std::vector<Row>& rows : parts) {
    found += rows.size();
    for (const Row& row : rows) {
      if (count == limit) break;
      if (count++ > 0) list.push_back(',');
      list.append(row.json);
      last = row.place;
    }
  }
  list.push_back(']');
  if (last && found > count) page.text("next", to_text(*last));
  page.finish();
  return out;
}

Result<ClientQuery, Problem> query_of(const Request& request) {
  ClientQuery query;
  query.target = TRY(target_of(request));
  const auto limit = TRY(number_of(request, "limit", 1, kPageClients));
  if (limit) query.limit = *limit;
  if (const auto after = request.parameter("after")) {
    query.after = parse_place(*after);
    if (!query.after) return std::unexpected(bad_request("'after' is the 'next' of another page"));
  }
  return query;
}

Result<void, Problem> list_clients(Worker& worker, Exchange& exchange, const Caller& caller) {
  TRY(require(worker, caller, access::Action::ManageClients, {}));
  ClientQuery query = TRY(query_of(exchange.request()));
  query.key = caller.identity.api_key;  // nobody else may ask
  const std::size_t limit = query.limit;
  const bool begun = ask_all_reactors<std::vector<Row>>(
      worker, [query = std::move(query)](Worker& there) { return rows_of(there, query); },
      [&worker, limit, handle = exchange.handle()](const std::vector<std::vector<Row>>& parts) {
        Exchange* const waiting = worker.find(handle);
        if (waiting == nullptr) return;
        waiting->respond(
            json_response(200, page_json(parts, limit)).add("Cache-Control", "no-store"));
      });
  if (!begun) return std::unexpected(too_many_rounds());
  return {};
}

}  // namespace

void serve_clients(Worker& worker, Exchange& exchange) {
  serve_call(worker, exchange, list_clients);
}

}  // namespace carillon::transport
