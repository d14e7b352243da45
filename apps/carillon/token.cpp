#include "apps/carillon/token.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <map>
#include <string_view>

#include "access/grants.hpp"
#include "access/token.hpp"
#include "apps/carillon/check_config.hpp"
#include "apps/carillon/exit_code.hpp"
#include "protocol/json/writer.hpp"

namespace carillon::app {
namespace {

constexpr std::uint64_t kLongestSeconds = 10ULL * 365 * 24 * 3600;

std::string pattern_of(std::string_view allowed) {
  return std::string(allowed.substr(0, allowed.find('=')));
}

std::vector<std::string> words_of(std::string_view allowed) {
  std::vector<std::string> words;
  std::size_t begin = allowed.find('=') + 1;
  while (begin <= allowed.size()) {
    const std::size_t end = std::min(allowed.find(',', begin), allowed.size());
    words.emplace_back(allowed.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

std::string check_allowed(const std::string& text) {
  access::Grants grants;
  if (text.find('=') == std::string::npos || !grants.add(pattern_of(text), {})) {
    return "'" + text + "' is no PATTERN=WORD,WORD, e.g. 'chat:*=subscribe,publish'";
  }
  for (const std::string& word : words_of(text)) {
    if (word == "*" || access::parse_action(word)) continue;
    return "'" + word + "' is none of subscribe, publish, history, ephemeral, *";
  }
  return {};
}

std::string channels_json(const std::vector<std::string>& all) {
  std::map<std::string, std::vector<std::string>> words_by_pattern;
  for (const std::string& allowed : all) {
    std::vector<std::string>& words = words_by_pattern[pattern_of(allowed)];
    std::ranges::move(words_of(allowed), std::back_inserter(words));
  }
  std::string out;
  json::ObjectWriter object(out);
  for (const auto& [pattern, words] : words_by_pattern) {
    std::string& list = object.begin_any(pattern) += '[';
    for (const std::string& word : words) {
      if (list.back() != '[') list += ',';
      json::append_string(list, word);
    }
    list += ']';
  }
  object.finish();
  return out;
}

std::string payload_of(const TokenCommand& command, const server::TokenConfig& config) {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(since_epoch).count();
  std::string payload;
  json::ObjectWriter object(payload);
  object.integer("iat", now).integer("exp", static_cast<std::uint64_t>(now) + command.seconds);
  if (!command.user.empty()) object.text("sub", command.user);
  if (!config.issuer.empty()) object.text("iss", config.issuer);
  if (!config.audience.empty()) object.text("aud", config.audience);
  object.raw("channels", channels_json(command.allowed)).finish();
  return payload;
}

}  // namespace

CLI::App* add_token(CLI::App& app, TokenCommand& token) {
  CLI::App* command = app.add_subcommand(
      "token", "Print a token, signed with [access] token_secret, to try things with");
  command->add_option("user", token.user, "Who its holder is; without: nobody in particular")
      ->type_name("USER");
  command
      ->add_option("--allow", token.allowed,
                   "What its holder may do where, e.g. 'chat:*=subscribe,publish'; may be repeated")
      ->type_name("PATTERN=WORDS")
      ->allow_extra_args(false)
      ->check(check_allowed);
  command->add_option("--seconds", token.seconds, "How long it counts")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1}, kLongestSeconds))
      ->capture_default_str();
  command->add_option("--config", token.sources.file, "The server's file of settings")
      ->type_name("FILE");
  return command;
}

int token(const TokenCommand& command) {
  const auto config = server::load_config(command.sources);
  if (!config) {
    print_problems(config.error());
    return kExitFailure;
  }
  const server::TokenConfig& tokens = config->tokens;
  if (tokens.secret.empty()) {
    fmt::print(stderr,
               "carillon: no secret to sign with: set [access] token_secret in the file of "
               "--config, or CARILLON_ACCESS_TOKEN_SECRET, as the server has it\n");
    return kExitFailure;
  }
  fmt::print("{}\n", access::mint_token(payload_of(command, tokens), tokens.secret));
  return kExitOk;
}

}  // namespace carillon::app
