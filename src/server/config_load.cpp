#include "server/config_load.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "server/config_draft.hpp"
#include "server/config_environment.hpp"
#include "server/config_file.hpp"
#include "server/config_keys.hpp"

namespace carillon::server {
namespace {

const ConfigKey<Config>& key_of(std::string_view section, std::string_view name) {
  const auto& keys = config_keys();
  return *std::find_if(keys.begin(), keys.end(), [section, name](const ConfigKey<Config>& key) {
    return key.section == section && key.name == name;
  });
}

void apply_flags(const ConfigFlags& flags, ConfigDraft& draft) {
  const auto set_list = [&draft](std::string_view section, std::string_view name,
                                 const std::optional<std::vector<std::string>>& list,
                                 const std::string& source) {
    if (list) draft.set(key_of(section, name), *list, {.source = source});
  };
  set_list("server", "listen", flags.listen, "--listen");
  set_list("tls", "certificates", flags.tls_certificates, "certificate");
  set_list("tls", "keys", flags.tls_keys, "key");
  struct Flag {
    std::string source;
    std::string_view key;
    const std::optional<std::string>& text;
    std::string_view section = "server";
  };
  for (const Flag& flag : std::array{
           Flag{"--reactors", "reactors", flags.reactors}, Flag{"--io", "io", flags.io},
           Flag{"--data-dir", "data_dir", flags.data_dir},
           Flag{"--log-level", "log_level", flags.log_level},
           Flag{"--log-format", "log_format", flags.log_format},
           Flag{"--tls-self-signed", "self_signed", flags.tls_self_signed, "tls"},
           Flag{"--lab", "lab", flags.lab, "pages"}, Flag{"--demo", "demo", flags.demo, "pages"}}) {
    if (flag.text) {
      set_from_text(key_of(flag.section, flag.key), *flag.text, {.source = flag.source}, draft);
    }
  }
}

}  // namespace

std::string to_text(const ConfigProblem& problem) {
  std::string text = problem.source;
  if (problem.line != 0) {
    text += ':' + std::to_string(problem.line) + ':' + std::to_string(problem.column);
  }
  if (!text.empty()) text += ": ";
  return text + problem.message;
}

std::vector<std::pair<std::string, std::string>> carillon_environment() {
  std::vector<std::pair<std::string, std::string>> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (!text.starts_with("CARILLON_") || equals == std::string_view::npos) continue;
    variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  std::sort(variables.begin(), variables.end());
  return variables;
}

Result<Config, std::vector<ConfigProblem>> load_config(const ConfigSources& sources) {
  ConfigDraft draft;
  if (sources.stance == access::Stance::Configured) draft.open_access();
  if (sources.file) apply_file(*sources.file, draft);
  apply_environment(sources.environment, draft);
  apply_flags(sources.flags, draft);
  return std::move(draft).finish();
}

}  // namespace carillon::server
