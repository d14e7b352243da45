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

const ConfigKey<Config>& server_key(std::string_view name) {
  const auto& keys = config_keys();
  return *std::find_if(keys.begin(), keys.end(), [name](const ConfigKey<Config>& key) {
    return key.section == "server" && key.name == name;
  });
}

void apply_flags(const ConfigFlags& flags, ConfigDraft& draft) {
  if (flags.listen) draft.set(server_key("listen"), *flags.listen, {.source = "--listen"});
  struct Flag {
    std::string source;
    std::string_view key;
    const std::optional<std::string>& text;
  };
  for (const Flag& flag :
       std::array{Flag{"--reactors", "reactors", flags.reactors}, Flag{"--io", "io", flags.io},
                  Flag{"--data-dir", "data_dir", flags.data_dir},
                  Flag{"--log-level", "log_level", flags.log_level},
                  Flag{"--log-format", "log_format", flags.log_format}}) {
    if (flag.text) {
      set_from_text(server_key(flag.key), *flag.text, {.source = flag.source}, draft);
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
  if (sources.file) apply_file(*sources.file, draft);
  apply_environment(sources.environment, draft);
  apply_flags(sources.flags, draft);
  return std::move(draft).finish();
}

}  // namespace carillon::server
