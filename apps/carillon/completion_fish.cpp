// Completion for fish: one line for each command and each option.
#include <fmt/format.h>

#include "apps/carillon/completion.hpp"

namespace carillon::app {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char octet : text) {
    if (octet == '\'' || octet == '\\') out += '\\';
    out += octet;
  }
  return out + "'";
}

std::string value_part(const OptionFacts& option) {
  if (option.value.empty()) return {};
  if (!option.choices.empty()) {
    return fmt::format(" -x -a {}", quoted(fmt::format("{}", fmt::join(option.choices, " "))));
  }
  if (option.value == "FILE" || option.value == "DIR") return " -r -F";
  return " -x";
}

std::string option_line(const std::string& start, const OptionFacts& option) {
  std::string names;
  for (const std::string& name : option.names) {
    names += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  return fmt::format("{}{} -d {}{}\n", start, names, quoted(option.description),
                     value_part(option));
}

}  // namespace

std::string fish_completion(const CommandFacts& program) {
  const std::string& name = program.name;
  std::string out = fmt::format(
      "# fish completion of {0}: {0} completion fish | source\n"
      "complete -c {0} -f\n",
      name);
  const std::string first = fmt::format("complete -c {} -n __fish_use_subcommand", name);
  for (const OptionFacts& option : program.options) out += option_line(first, option);
  for (const CommandFacts& command : program.commands) {
    out += fmt::format("{} -a {} -d {}\n", first, command.name, quoted(command.description));
    const std::string start =
        fmt::format("complete -c {} -n '__fish_seen_subcommand_from {}'", name, command.name);
    for (const OptionFacts& option : command.options) out += option_line(start, option);
    for (const OptionFacts& argument : command.arguments) {
      if (argument.choices.empty()) continue;
      out += fmt::format("{} -a {}\n", start,
                         quoted(fmt::format("{}", fmt::join(argument.choices, " "))));
    }
  }
  return out;
}

}  // namespace carillon::app
