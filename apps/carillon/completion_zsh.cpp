// Completion for zsh: `_arguments` for each command, with descriptions.
#include <fmt/format.h>

#include "apps/carillon/completion.hpp"

namespace carillon::app {
namespace {

/// Within single quotes, and within the brackets or colons of an `_arguments` specification.
std::string quoted(const std::string& text) {
  std::string out;
  for (const char octet : text) {
    if (octet == '\'') {
      out += "'\\''";
    } else if (octet == ':' || octet == '[' || octet == ']') {
      out += std::string("\\") + octet;
    } else {
      out += octet;
    }
  }
  return out;
}

std::string value_action(const OptionFacts& option) {
  if (!option.choices.empty()) return fmt::format("({})", fmt::join(option.choices, " "));
  if (option.value == "FILE") return "_files";
  if (option.value == "DIR") return "_files -/";
  return "()";  // nothing is known of it; a blank would make zsh show a message instead of
                // completing
}

std::string option_lines(const CommandFacts& command) {
  std::string lines;
  for (const OptionFacts& option : command.options) {
    for (const std::string& name : option.names) {
      lines += fmt::format(" \\\n        '{}{}[{}]{}'", option.is_repeated ? "*" : "", name,
                           quoted(option.description),
                           option.value.empty()
                               ? std::string{}
                               : fmt::format(":{}:{}", quoted(option.value), value_action(option)));
    }
  }
  return lines;
}

std::string argument_lines(const CommandFacts& command) {
  std::string lines;
  for (const OptionFacts& argument : command.arguments) {
    lines += fmt::format(" \\\n        '{}:{}:{}'", argument.is_repeated ? "*" : "",
                         quoted(argument.value), value_action(argument));
  }
  return lines;
}

}  // namespace

std::string zsh_completion(const CommandFacts& program) {
  std::string descriptions;
  std::string cases;
  for (const CommandFacts& command : program.commands) {
    descriptions += fmt::format("    '{}:{}'\n", command.name, quoted(command.description));
    cases += fmt::format("    {})\n      _arguments{}{} ;;\n", command.name, option_lines(command),
                         argument_lines(command));
  }
  return fmt::format(
      "#compdef {0}\n"
      "# zsh completion of {0}: {0} completion zsh > a folder of $fpath/_{0}\n"
      "_{0}() {{\n"
      "  local -a commands=(\n"
      "{1}"
      "  )\n"
      "  if ((CURRENT == 2)); then\n"
      "    _describe command commands\n"
      "    return\n"
      "  fi\n"
      "  local command=$words[2]\n"
      "  shift words\n"
      "  ((CURRENT--))\n"
      "  case $command in\n"
      "{2}"
      "  esac\n"
      "}}\n"
      "if [[ $funcstack[1] == _{0} ]]; then _{0} \"$@\"; else compdef _{0} {0}; fi\n",
      program.name, descriptions, cases);
}

}  // namespace carillon::app
