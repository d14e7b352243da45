#include "apps/carillon/check_config.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "server/config_print.hpp"
#include "server/explain.hpp"

namespace carillon::app {

void print_problems(const std::vector<server::ConfigProblem>& problems) {
  for (const server::ConfigProblem& problem : problems) {
    fmt::print(stderr, "{}\n", server::to_text(problem));
  }
}

namespace {

int explain(const server::Config& config, const std::vector<std::string>& words) {
  const auto text =
      server::explain(config, words.front(), words.size() > 1 ? words.back() : std::string());
  if (!text) {
    fmt::print(stderr, "{}\n", text.error());
    return kExitUsage;
  }
  fmt::print("{}", *text);
  return kExitOk;
}

}  // namespace

int check_config(const CheckConfigCommand& command) {
  if (command.output == ConfigOutput::Template) {
    fmt::print("{}", server::template_toml());
    return kExitOk;
  }
  const auto config = server::load_config(command.sources);
  if (!config) {
    print_problems(config.error());
    return kExitFailure;
  }
  if (command.output == ConfigOutput::Explanation) return explain(*config, command.explained);
  if (command.output == ConfigOutput::Effective) {
    fmt::print("{}", server::effective_toml(*config));
  } else {
    fmt::print("ok\n");
  }
  return kExitOk;
}

}  // namespace carillon::app
