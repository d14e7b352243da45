// The definitions of the command line as plain data: what completion scripts and the manual are
// made from, so that neither can say anything else than the parser does.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace carillon::app {

struct OptionFacts {
  std::vector<std::string> names;  // with their dashes; none: an argument told by its place
  std::string value = {};          // what its value is called, e.g. FILE; empty: it takes none
  std::vector<std::string> choices = {};
  std::string description = {};
  std::string variable = {};  // an environment variable that stands for it
  std::string standard = {};  // what holds without it, where that is worth telling
  bool is_required = false;
  bool is_repeated = false;
};

struct CommandFacts {
  std::string name;
  std::string description;
  std::vector<OptionFacts> options = {};    // of the names
  std::vector<OptionFacts> arguments = {};  // told by their place, in that order
  std::vector<CommandFacts> commands = {};
};

CommandFacts facts_of(const CLI::App& app);

}  // namespace carillon::app
