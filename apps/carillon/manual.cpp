#include "apps/carillon/manual.hpp"

#include <fmt/format.h>

#include "core/bytes.hpp"

namespace carillon::app {
namespace {

/// Text that roff takes as it is: hyphens that can be copied, no line that begins a request.
std::string roff(Bytes text) {
  std::string out;
  for (const char octet : text) {
    if (octet == '-') {
      out += "\\-";
    } else if (octet == '\\') {
      out += "\\e";
    } else if ((octet == '.' || octet == '\'') && (out.empty() || out.back() == '\n')) {
      out += "\\&";
      out += octet;
    } else {
      out += octet;
    }
  }
  return out;
}

std::string value_text(const OptionFacts& option) {
  if (option.value.empty()) return {};
  if (option.choices.empty()) return "\\fI" + roff(option.value) + "\\fR";
  return roff(fmt::format("{}", fmt::join(option.choices, "|")));
}

std::string argument_text(const OptionFacts& argument) {
  const std::string name = value_text(argument) + (argument.is_repeated ? "..." : "");
  return argument.is_required ? name : "[" + name + "]";
}

std::string synopsis(const CommandFacts& program, const CommandFacts& command) {
  std::string line = fmt::format(".B {} {}\n[\\fIoptions\\fR]", program.name, roff(command.name));
  for (const OptionFacts& argument : command.arguments) line += " " + argument_text(argument);
  return line + "\n.br\n";
}

std::string notes(const OptionFacts& option) {
  std::string out;
  if (!option.standard.empty()) out += fmt::format(" Default: {}.", roff(option.standard));
  if (!option.variable.empty()) out += fmt::format(" Or the variable {}.", roff(option.variable));
  return out;
}

std::string entry(const OptionFacts& option) {
  std::string names;
  for (const std::string& name : option.names) {
    names += (names.empty() ? "\\fB" : ", \\fB") + roff(name) + "\\fR";
  }
  const std::string value = value_text(option);
  if (!names.empty() && !value.empty()) names += " ";
  return fmt::format(".TP\n{}{}\n{}.{}\n", names, value, roff(option.description), notes(option));
}

std::string section_of(const CommandFacts& command) {
  std::string out = fmt::format(".SS {}\n{}.\n", roff(command.name), roff(command.description));
  for (const OptionFacts& argument : command.arguments) out += entry(argument);
  for (const OptionFacts& option : command.options) out += entry(option);
  return out;
}

/// What the definitions do not know.
constexpr const char* kEnd = R"roff(.SH EXIT STATUS
.TP
0
It was done; for
.BR sub :
it was told to end.
.TP
1
The server refused, or it broke off; for
.B serve
and
.BR check\-config :
the settings are wrong.
.TP
2
The command line is wrong.
.TP
3
No server answers at that address.
.SH ENVIRONMENT
Every setting of the server can be set by a variable,
.BR CARILLON_\fISECTION\fB_\fIKEY ;
.B carillon check\-config \-\-template
prints them all.
.SH EXAMPLES
.nf
carillon serve \-\-listen 127.0.0.1:8000
carillon sub chat &
carillon pub chat '{"text":"hello"}'
tail \-F access.log | carillon pub \-\-lines log
carillon sub chat \-\-after "$(carillon pub chat hello)"
.fi
)roff";

}  // namespace

std::string manual_page(const CommandFacts& program, const std::string& version) {
  std::string out =
      fmt::format(".TH {} 1 \"\" \"{} {}\" \"\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n", "CARILLON",
                  program.name, version, program.name, roff("a real-time server for the web"));
  for (const CommandFacts& command : program.commands) out += synopsis(program, command);
  out += ".SH DESCRIPTION\n" + roff(program.description) + "\n.SH COMMANDS\n";
  for (const CommandFacts& command : program.commands) out += section_of(command);
  return out + kEnd;
}

}  // namespace carillon::app
