#include "server/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "access/permissions.hpp"
#include "protocol/native/channel_name.hpp"
#include "server/settings.hpp"
#include "transport/common/settings.hpp"

namespace carillon::server {
namespace {

using access::Action;
using access::Audience;

constexpr std::array kActions = {Action::Subscribe, Action::Publish, Action::History,
                                 Action::Ephemeral, Action::Presence};
static_assert(kActions.size() == access::kChannelActionCount);

constexpr std::string_view kUserNamespace = "user";

std::string place_of(const Config& config, const std::string& key) {
  const auto found = config.written_at.find(key);
  return found == config.written_at.end() ? key : found->second + ": " + key;
}

/// The rule that decides, as the configuration has it.
std::string rule_of(const Config& config, const access::Permissions& permissions,
                    std::string_view space, Action action) {
  const std::string name(access::action_name(action));
  const auto rules = permissions.namespaces.find(space);
  const Audience audience =
      rules == permissions.namespaces.end() ? Audience::Default : rules->second.of(action);
  // The channels of users stay theirs, unless they are servers'.
  const bool decides =
      space == kUserNamespace ? audience == Audience::Server : audience != Audience::Default;
  if (decides) return place_of(config, fmt::format("[namespace.{}] allow_{}", space, name));
  if (config.access.stance == access::Stance::LocalOnly) {
    return "there is no [access] section: clients on this machine may";
  }
  if (space == kUserNamespace) return "the channels user:NAME are NAME's own";
  const bool is_listed =
      std::ranges::find(config.access.anonymous, name) != config.access.anonymous.end();
  return fmt::format("{} {} \"{}\"", place_of(config, "[access] anonymous"),
                     is_listed ? "has" : "does not have", name);
}

std::string_view answer_of(Audience audience, bool is_allowed, bool has_token) {
  if (is_allowed) return "yes";
  if (audience == Audience::Server) return "only API keys";
  if (audience == Audience::Authenticated) return "with a token";
  return has_token ? "if the token grants it" : "with a token that grants it";
}

access::Identity identity_of(std::string_view user) {
  if (user.empty()) return {};
  access::Claims claims;
  claims.user = user;
  return {.claims = std::make_shared<const access::Claims>(std::move(claims)), .api_key = nullptr};
}

std::string who_is(std::string_view user) {
  if (user.empty()) return "clients without a token";
  return fmt::format("{}, with a token that grants nothing", access::in_quotes(user));
}

}  // namespace

Result<std::string, std::string> explain(const Config& config, std::string_view channel,
                                         std::string_view user) {
  if (!native::is_channel_name(channel)) {
    return std::unexpected(access::in_quotes(channel) + " is no channel's name");
  }
  const std::string_view space = native::channel_namespace(channel);
  const bool is_internal = space == transport::kInternalNamespace;
  const access::Permissions permissions = access_permissions(config);
  const access::Identity identity = identity_of(user);
  std::string out = fmt::format("{} in {}:\n", who_is(user), access::in_quotes(channel));
  for (const Action action : kActions) {
    const bool is_allowed =
        !is_internal &&
        access::decide(permissions, identity, access::Locality::Loopback, action, channel)
            .allowed();
    const std::string_view answer =
        is_internal ? "no"
                    : answer_of(access::audience_of(permissions, action, channel), is_allowed,
                                !user.empty());
    const std::string rule = is_internal ? "this namespace is the server's own"
                                         : rule_of(config, permissions, space, action);
    out += fmt::format("  {:<10} {:<27} {}\n", access::action_name(action), answer, rule);
  }
  return out;
}

}  // namespace carillon::server
