// Completion for bash: one function that knows each command's words, and what an option's value
// may be. It needs nothing beside bash itself.
#include <fmt/format.h>

#include "apps/carillon/completion.hpp"

namespace carillon::app {
namespace {

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

/// What completes a value: one of the choices, a path, or nothing.
std::string value_action(const OptionFacts& option) {
  if (!option.choices.empty()) {
    return fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$word\"))", joined(option.choices));
  }
  if (option.value == "FILE") return "COMPREPLY=($(compgen -f -- \"$word\"))";
  if (option.value == "DIR") return "COMPREPLY=($(compgen -d -- \"$word\"))";
  return ":";
}

std::string value_cases(const CommandFacts& command) {
  std::string cases;
  for (const OptionFacts& option : command.options) {
    if (option.value.empty()) continue;
    cases += fmt::format("        {}) {}; return ;;\n", fmt::join(option.names, "|"),
                         value_action(option));
  }
  return cases;
}

std::vector<std::string> words_of(const CommandFacts& command) {
  std::vector<std::string> words;
  for (const CommandFacts& each : command.commands) words.push_back(each.name);
  for (const OptionFacts& argument : command.arguments) {
    words.insert(words.end(), argument.choices.begin(), argument.choices.end());
  }
  for (const OptionFacts& option : command.options) {
    words.insert(words.end(), option.names.begin(), option.names.end());
  }
  return words;
}

std::string command_case(const std::string& pattern, const CommandFacts& command) {
  return fmt::format(
      "    {})\n"
      "      case $before in\n"
      "{}"
      "      esac\n"
      "      COMPREPLY=($(compgen -W '{}' -- \"$word\")) ;;\n",
      pattern, value_cases(command), joined(words_of(command)));
}

}  // namespace

std::string bash_completion(const CommandFacts& program) {
  std::string cases = command_case("''", program);
  for (const CommandFacts& command : program.commands) cases += command_case(command.name, command);
  return fmt::format(
      "# bash completion of {0}: source <({0} completion bash)\n"
      "_{0}() {{\n"
      "  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command=\n"
      "  ((COMP_CWORD > 1)) && command=${{COMP_WORDS[1]}}\n"
      "  COMPREPLY=()\n"
      "  case $command in\n"
      "{1}"
      "  esac\n"
      "}}\n"
      "complete -F _{0} {0}\n",
      program.name, cases);
}

}  // namespace carillon::app
