#include "apps/carillon/command_tree.hpp"

#include <CLI/CLI.hpp>
#include <cstddef>

namespace carillon::app {
namespace {

/// CLI11 appends what a value is checked against to its type, e.g. `TRANSPORT:{ws,sse}`.
std::vector<std::string> choices_of(const std::string& type) {
  std::vector<std::string> choices;
  const std::size_t open = type.find('{');
  const std::size_t close = type.rfind('}');
  if (open == std::string::npos || close == std::string::npos) return choices;
  std::size_t begin = open + 1;
  while (begin <= close) {
    const std::size_t end = std::min(type.find(',', begin), close);
    choices.push_back(type.substr(begin, end - begin));
    begin = end + 1;
  }
  return choices;
}

OptionFacts facts_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const bool takes_value = option.get_items_expected_max() > 0;
  OptionFacts facts{.names = {},
                    .value = takes_value ? type.substr(0, type.find(":{")) : std::string{},
                    .choices = choices_of(type),
                    .description = option.get_description(),
                    .variable = option.get_envname(),
                    .standard = option.get_default_str(),
                    .is_required = option.get_required(),
                    .is_repeated = option.get_items_expected_max() > 1};
  for (const std::string& name : option.get_snames()) facts.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) facts.names.push_back("--" + name);
  return facts;
}

}  // namespace

CommandFacts facts_of(const CLI::App& app) {
  CommandFacts facts{.name = app.get_name(), .description = app.get_description()};
  for (const CLI::Option* option : app.get_options()) {
    OptionFacts each = facts_of(*option);
    (each.names.empty() ? facts.arguments : facts.options).push_back(std::move(each));
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    facts.commands.push_back(facts_of(*command));
  }
  return facts;
}

}  // namespace carillon::app
