#include "transport/common/connect_calls.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "access/authority.hpp"
#include "access/token.hpp"
#include "core/check.hpp"
#include "core/log.hpp"
#include "core/utf8.hpp"
#include "protocol/json/writer.hpp"

namespace carillon::transport {
namespace {

using native::ProblemCode;

/// Octets of an answer: a token's worth of channels, and then some.
constexpr std::size_t kAnswerBytes = 64 * 1024;

constexpr int kOk = 200;
constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;

backend::CallUrl checked_url(const std::string& text) {
  auto url = backend::CallUrl::parse(text);
  CARILLON_CHECK(url.has_value());
  return *std::move(url);
}

/// JSON is UTF-8; what a client sends need not be.
void add_text(json::ObjectWriter& object, Bytes key, Bytes value) {
  object.text(key, is_utf8(value) ? value : Bytes{});
}

std::string question_text(const Request& request, TransportKind transport) {
  std::string body;
  json::ObjectWriter object(body);
  object.text("transport", kTransportNames[static_cast<std::size_t>(transport)]);
  add_text(object, "url", request.target);
  add_text(object, "host", request.requester.authority);
  if (const auto origin = request.field("origin")) add_text(object, "origin", *origin);
  if (request.requester.address) object.text("address", request.requester.address->text());
  object.finish();
  return body;
}

/// Browsers send these along with whatever a page makes them ask.
bool is_ambient(Bytes name) {
  return access::equal_ignoring_case(name, "authorization");
}

}  // namespace

ConnectCalls::ConnectCalls(net::Reactor& reactor, outgoing::Resolver& resolver,
                           const ConnectSettings& settings, Probe& probe)
    : reactor_(reactor),
      probe_(probe),
      url_(checked_url(settings.url)),
      headers_(settings.headers),
      pool_(reactor, resolver,
            {.server = url_.server,
             .time_limit = settings.time_limit,
             .answer_bytes = kAnswerBytes}) {}

void ConnectCalls::ask(const Request& request, TransportKind transport, Done done) {
  pool_.call(question(request, transport),
             [this, begun = reactor_.now(), done = std::move(done)](Answer answer) mutable {
               probe_.connect_time.add(reactor_.now() - begun);
               done(judge(answer));
             });
}

outgoing::HttpRequest ConnectCalls::question(const Request& request,
                                             TransportKind transport) const {
  outgoing::HttpRequest question{.method = "POST", .target = url_.target};
  question.fields.add("Content-Type", "application/json");
  question.fields.add("Accept", "application/json");
  if (request.cookie_counts && request.fields->has("cookie")) {
    question.fields.add("Cookie", request.fields->combined("cookie", "; "));
  }
  for (const std::string& name : headers_) {
    if (!request.fields->has(name) || (is_ambient(name) && !request.cookie_counts)) continue;
    question.fields.add(name, request.fields->combined(name));
  }
  question.body = question_text(request, transport);
  return question;
}

Result<access::Identity, Problem> ConnectCalls::judge(const Answer& answer) {
  if (!answer) return fail(answer.error().text);
  const int status = answer->status;
  if (status == kUnauthorized || status == kForbidden) {
    ++probe_.refused_connects;
    note_success();
    return std::unexpected(Problem{
        .code = status == kForbidden ? ProblemCode::Forbidden : ProblemCode::Unauthenticated,
        .detail = "the application does not let this client in"});
  }
  if (status != kOk) return fail(fmt::format("its answer has the status {}", status));
  auto claims = access::read_claims(answer->body, reactor_.wall_clock());
  if (!claims) {
    return fail(
        "its answer is not what it should be (docs/tokens.md): a JSON object with 'user', "
        "'channels', 'expires_at', none of them in the past");
  }
  ++probe_.allowed_connects;
  note_success();
  return access::Identity{std::make_shared<const access::Claims>(*std::move(claims))};
}

/// The log hears of the first failure, not of each client's.
std::unexpected<Problem> ConnectCalls::fail(const std::string& why) {
  ++probe_.failed_connects;
  if (!std::exchange(failing_, true)) {
    log::error("[access] connect_url {}: {}; clients are answered 503 until it answers again",
               url_.to_text(), why);
  }
  return std::unexpected(Problem{.code = ProblemCode::Unavailable,
                                 .detail = "the application that knows the clients does not "
                                           "answer; try again later"});
}

void ConnectCalls::note_success() {
  if (std::exchange(failing_, false)) {
    log::info("[access] connect_url {}: it answers again", url_.to_text());
  }
}

}  // namespace carillon::transport
