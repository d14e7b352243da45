#include "transport/http_api/target.hpp"

#include <optional>
#include <utility>

#include "access/token.hpp"
#include "transport/common/introduction.hpp"

namespace carillon::transport {
namespace {

Result<Target, Problem> make_target(std::optional<std::string> user,
                                    const std::optional<std::string>& client) {
  if (user.has_value() == client.has_value()) {
    return std::unexpected(bad_request(R"(give "user" or "client")"));
  }
  if (user) return Target{.user = *std::move(user), .client = {}};
  const auto id = hub::parse_client_id(*client);
  if (!id) {
    return std::unexpected(
        bad_request(R"("client" must be the id of one, such as "c_8fk2mnpqrstuv")"));
  }
  return Target{.user = {}, .client = *id};
}

}  // namespace

Result<Target, Problem> target_of(const Body& body) {
  auto user = TRY(body.text("user", access::kMaxTokenNameBytes));
  const auto client = TRY(body.text("client", access::kMaxTokenNameBytes));
  return make_target(std::move(user), client);
}

Result<Target, Problem> target_of(const Request& request) {
  const auto text_of = [&](Bytes name) {
    const auto value = request.parameter(name);
    return value && !value->empty() ? std::optional<std::string>(*value) : std::nullopt;
  };
  return make_target(text_of("user"), text_of("client"));
}

void serve_call(Worker& worker, Exchange& exchange, BeginCall begin) {
  with_caller(worker, exchange, TransportKind::Http,
              [begin](Worker& at, Exchange& asked, const Caller& caller) {
                auto begun = begin(at, asked, caller);
                if (!begun) asked.respond(problem_response(begun.error()));
              });
}

}  // namespace carillon::transport
