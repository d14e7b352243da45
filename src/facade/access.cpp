#include "facade/access.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "access/token.hpp"
#include "core/time.hpp"
#include "facade/guard.hpp"
#include "facade/settings.hpp"
#include "facade/token_checks.hpp"
#include "protocol/json/validator.hpp"
#include "protocol/json/writer.hpp"

namespace carillon {
namespace {

using facade::Core;
using facade::Local;
using facade::TokenChecks;
using SystemTime = std::chrono::system_clock::time_point;

access::Action inner(Action action) {
  return static_cast<access::Action>(action);
}
static_assert(static_cast<int>(Action::Subscribe) == static_cast<int>(access::Action::Subscribe));
static_assert(static_cast<int>(Action::Publish) == static_cast<int>(access::Action::Publish));
static_assert(static_cast<int>(Action::History) == static_cast<int>(access::Action::History));
static_assert(static_cast<int>(Action::Ephemeral) == static_cast<int>(access::Action::Ephemeral));
static_assert(static_cast<int>(Action::Presence) == static_cast<int>(access::Action::Presence));

std::invalid_argument wrong(const std::string& what) {
  return std::invalid_argument("carillon::Identity: " + what);
}

template <class Texts, class Append>
std::string list_of(const Texts& texts, Append append) {
  std::string list = "[";
  for (const auto& each : texts) {
    if (list.size() > 1) list.push_back(',');
    append(list, each);
  }
  return list.append("]");
}

std::string channels_of(const Identity& identity) {
  std::string text;
  json::ObjectWriter object(text);
  for (const auto& [pattern, actions] : identity.channels) {
    object.begin_any(pattern) += list_of(actions, [](std::string& list, Action action) {
      json::append_string(list, access::action_name(inner(action)));
    });
  }
  object.finish();
  return text;
}

Timestamp timestamp_of(SystemTime time) {
  const auto since = time.time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

/// Read as what a back end says about a client, so that one place knows what may be in it.
access::Claims claims_of(const Identity& identity) {
  std::string text;
  json::ObjectWriter object(text);
  object.text("user", identity.user).text("jti", identity.id);
  object.raw("channels", channels_of(identity));
  object.raw("join", list_of(identity.join, [](std::string& list, const std::string& channel) {
               json::append_string(list, channel);
             }));
  if (!identity.info.empty()) {
    if (!json::validate(identity.info)) throw wrong("info is no JSON");
    object.raw("info", identity.info);
  }
  object.finish();
  auto claims = access::read_claims(text, {});
  if (!claims) throw wrong("it says what no token may; see docs/tokens.md");
  if (identity.expires) claims->expires = timestamp_of(*identity.expires);
  if (identity.issued) claims->issued = timestamp_of(*identity.issued);
  return *std::move(claims);
}

transport::Problem refusal(std::string_view reason) {
  return {.code = native::ProblemCode::Unauthenticated,
          .detail = reason.empty() ? "the token does not count" : std::string(reason)};
}

}  // namespace

class TokenCheck::State {
 public:
  State(const Core& core, std::uint64_t number) : core_(core.reference()), number_(number) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { answer(std::unexpected(facade::no_answer())); }

  void answer(TokenChecks::Answer answer) {
    Core* const core = core_->load();
    if (is_answered_.exchange(true) || core == nullptr) return;
    core->end_at(number_, [number = number_, answer = std::move(answer)](Local& local) mutable {
      local.token_checks().answer(number, std::move(answer));
    });
  }

 private:
  const facade::CoreReference core_;
  const std::uint64_t number_;
  std::atomic<bool> is_answered_{false};
};

void TokenCheck::accept(const Identity& identity) const {
  auto claims = std::make_shared<const access::Claims>(claims_of(identity));
  const SystemTime now = std::chrono::system_clock::now();
  if (identity.expires && *identity.expires <= now) return refuse("the token has expired");
  state_->answer(access::Identity{.claims = std::move(claims), .api_key = nullptr});
}

void TokenCheck::refuse(std::string_view reason) const {
  state_->answer(std::unexpected(refusal(reason)));
}

namespace facade {
namespace {

using Verifier = std::function<void(std::string_view, TokenCheck)>;
using Decider = std::function<carillon::Ruling(const Question&)>;

void verify(Core& core, transport::Worker& worker, Bytes token, const AccessOptions& options,
            transport::Verified done) {
  Local& local = core.enter(worker);
  const std::uint64_t number = core.make_number();
  local.token_checks().begin(number, options.answer_time, std::move(done));
  TokenCheck check(std::make_shared<TokenCheck::State>(core, number));
  guarded("verify_token", [&] { options.verify_token(token, std::move(check)); });
}

transport::Ruling decide(Core& core, transport::Worker& worker, const access::Identity& identity,
                         access::Action action, Bytes channel, const AccessOptions& options) {
  core.enter(worker);
  auto ruling = carillon::Ruling::Refuse;
  guarded("decide", [&] {
    ruling = options.decide({.action = static_cast<Action>(action),
                             .channel = channel,
                             .user = identity.user(),
                             .has_token = identity.claims != nullptr});
  });
  switch (ruling) {
    case carillon::Ruling::ByRules:
      return transport::Ruling::ByRules;
    case carillon::Ruling::Allow:
      return transport::Ruling::Allow;
    case carillon::Ruling::Refuse:
      break;
  }
  return transport::Ruling::Refuse;
}

}  // namespace

transport::AccessHooks access_hooks(Core& core, const AccessOptions& options) {
  check_time(options.answer_time, std::chrono::seconds(1), "AccessOptions::answer_time");
  const auto shared = std::make_shared<const AccessOptions>(options);
  transport::AccessHooks hooks;
  if (options.verify_token) {
    hooks.verify_token = [&core, shared](transport::Worker& worker, Bytes token,
                                         transport::Verified done) {
      verify(core, worker, token, *shared, std::move(done));
    };
  }
  if (options.decide) {
    hooks.decide = [&core, shared](transport::Worker& worker, const access::Identity& identity,
                                   access::Action action, Bytes channel) {
      return decide(core, worker, identity, action, channel, *shared);
    };
  }
  return hooks;
}

}  // namespace facade
}  // namespace carillon
