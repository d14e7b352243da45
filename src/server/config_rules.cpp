#include "server/config_rules.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "access/authority.hpp"
#include "access/decision.hpp"
#include "access/policy.hpp"
#include "backend/call_url.hpp"
#include "protocol/http1/characters.hpp"
#include "server/config_listen.hpp"
#include "server/event_names.hpp"
#include "server/schema_files.hpp"
#include "server/token_keys.hpp"

namespace carillon::server {
namespace {

/// Shorter ones could be guessed offline by whoever has one token.
constexpr std::size_t kMinSecretBytes = 32;

const std::string& text_of(const ConfigValue& value) {
  return std::get<std::string>(value);
}

bool is_path_octet(char octet) {
  return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') ||
         (octet >= '0' && octet <= '9') ||
         std::string_view("/-._~").find(octet) != std::string::npos;
}

bool is_path(const std::string& text) {
  return text.starts_with('/') && text.find("//") == std::string::npos &&
         text.find("/.") == std::string::npos && std::ranges::all_of(text, is_path_octet);
}

/// What is ours to say in a question to a back end, or nobody's to pass on.
bool is_reserved_header(std::string_view name) {
  static constexpr std::array<std::string_view, 16> kReserved = {"accept",
                                                                 "connection",
                                                                 "content-length",
                                                                 "content-type",
                                                                 "cookie",
                                                                 "expect",
                                                                 "host",
                                                                 "keep-alive",
                                                                 "te",
                                                                 "trailer",
                                                                 "upgrade",
                                                                 "forwarded",
                                                                 "transfer-encoding",
                                                                 "content-encoding",
                                                                 "proxy-authorization",
                                                                 "proxy-connection"};
  return std::ranges::any_of(kReserved, [name](std::string_view reserved) {
    return access::equal_ignoring_case(name, reserved);
  });
}

}  // namespace

ValueRule between(std::int64_t least, std::int64_t most) {
  return {.least = least, .most = most, .choices = {}, .check = {}};
}

ValueRule one_of(std::vector<std::string> choices) {
  return {.least = 0, .most = 0, .choices = std::move(choices), .check = {}};
}

ValueRule anything() {
  return {.least = 0, .most = 0, .choices = {}, .check = {}};
}

ValueRule checked(ValueCheck check) {
  return {.least = 0, .most = 0, .choices = {}, .check = std::move(check)};
}

ValueRule at_start(ValueRule rule) {
  rule.reload = Reload::Restart;
  return rule;
}

ValueRule secret(ValueRule rule) {
  rule.is_secret = true;
  return rule;
}

std::vector<std::string> check_listen(const ConfigValue& value) {
  std::vector<std::string> problems;
  for (const std::string& text : std::get<std::vector<std::string>>(value)) {
    const auto reach = reach_of_listen(text);
    if (!reach) problems.push_back(reach.error());
  }
  return problems;
}

std::vector<std::string> check_secret(const ConfigValue& value) {
  const std::size_t size = text_of(value).size();
  if (size == 0 || size >= kMinSecretBytes) return {};
  return {
      "is too short: give at least 32 random characters, e.g. from `openssl rand -hex 32`, or "
      "leave it out"};
}

std::vector<std::string> check_addresses(const ConfigValue& value) {
  access::AddressSet set;
  std::vector<std::string> problems;
  for (const std::string& text : std::get<std::vector<std::string>>(value)) {
    if (set.add(text)) continue;
    problems.push_back(
        access::in_quotes(text) +
        R"( is no address or block, e.g. "10.0.0.0/8", "fd00::/8", and not "unix:")");
  }
  return problems;
}

std::vector<std::string> check_scopes(const ConfigValue& value) {
  std::vector<std::string> problems;
  for (const std::string& word : std::get<std::vector<std::string>>(value)) {
    if (word == "*" || access::parse_scope(word)) continue;
    problems.push_back(access::in_quotes(word) + " is not one of " + access::scope_list() +
                       R"(, "*")");
  }
  return problems;
}

std::vector<std::string> check_patterns(const ConfigValue& value) {
  access::Grants grants;
  std::vector<std::string> problems;
  for (const std::string& pattern : std::get<std::vector<std::string>>(value)) {
    if (grants.add(pattern, {})) continue;
    problems.push_back(access::in_quotes(pattern) +
                       " is no pattern: give a channel's name, or the beginning of names and a "
                       "\"*\"; at most 1,000");
  }
  return problems;
}

std::vector<std::string> check_token_keys(const ConfigValue& value) {
  if (is_key_url(text_of(value))) return check_call_url(value);
  access::KeyRing keys;
  const auto added = add_token_keys(keys, text_of(value));
  if (added) return {};
  return {added.error()};
}

std::vector<std::string> check_call_url(const ConfigValue& value) {
  if (text_of(value).empty()) return {};
  const auto url = backend::CallUrl::parse(text_of(value));
  if (url) return {};
  return {url.error()};
}

std::vector<std::string> check_connect_headers(const ConfigValue& value) {
  std::vector<std::string> problems;
  for (const std::string& name : std::get<std::vector<std::string>>(value)) {
    if (!http1::consists_of(name, http1::CharacterClass::Token) || name.empty()) {
      problems.push_back(access::in_quotes(name) + " is no name of a header");
    } else if (is_reserved_header(name)) {
      problems.push_back(access::in_quotes(name) +
                         " cannot be passed on: cookies are anyway, and the others are about the "
                         "connection between client and server");
    }
  }
  return problems;
}

std::vector<std::string> check_schema(const ConfigValue& value) {
  if (text_of(value).empty()) return {};
  const auto schema = read_schema(text_of(value));
  if (schema) return {};
  return {schema.error()};
}

std::vector<std::string> check_data_dir(const ConfigValue& value) {
  if (!text_of(value).empty()) return {};
  return {"is empty; give a folder, which is made if it is not there"};
}

std::vector<std::string> check_base_path(const ConfigValue& value) {
  const std::string& path = text_of(value);
  if (path.empty() || (is_path(path) && !path.ends_with('/'))) return {};
  return {access::in_quotes(path) +
          " is no path to put in front: give one like \"/realtime\", with a slash before and none "
          "behind, or \"\" for none"};
}

std::vector<std::string> check_hsts(const ConfigValue& value) {
  const std::string& text = text_of(value);
  const auto fits = [](char octet) { return octet >= ' ' && octet <= '~'; };
  if (text.empty()) return {};
  if (text.starts_with("max-age=") && std::all_of(text.begin(), text.end(), fits)) return {};
  return {
      "must be like \"max-age=31536000\" or \"max-age=31536000; includeSubDomains\" (RFC 6797)"};
}

std::vector<std::string> check_socketio_path(const ConfigValue& value) {
  const std::string& path = text_of(value);
  if (path.empty() || (is_path(path) && path != "/")) return {};
  return {access::in_quotes(path) +
          " is no path for it: give one like \"/socket.io/\", or \"\" for none"};
}

std::vector<std::string> check_cookie_name(const ConfigValue& value) {
  const std::string& name = text_of(value);
  if (http1::consists_of(name, http1::CharacterClass::Token)) return {};
  return {access::in_quotes(name) +
          " is no name of a cookie: give one like \"io\", or \"\" for none"};
}

std::vector<std::string> check_event_names(const ConfigValue& value) {
  auto events = parse_event_names(std::get<std::vector<std::string>>(value));
  if (events) return {};
  return std::move(events.error());
}

ValueCheck check_access(std::vector<std::string> access::PolicyText::* list) {
  return [list](const ConfigValue& value) {
    access::PolicyText text;
    text.*list = std::get<std::vector<std::string>>(value);
    std::vector<std::string> problems;
    const auto policy = access::make_policy(text);
    if (policy) return problems;
    for (const access::PolicyError& error : policy.error()) problems.push_back(error.message);
    return problems;
  };
}

}  // namespace carillon::server
