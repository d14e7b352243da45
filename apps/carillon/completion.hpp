// `carillon completion`: scripts that make a shell complete this program's command line.
#pragma once

#include <optional>
#include <string>

#include "apps/carillon/command_tree.hpp"

namespace carillon::app {

/// `shell`: bash, zsh or fish; empty for another one.
std::optional<std::string> completion_script(const std::string& shell, const CommandFacts& program);

std::string bash_completion(const CommandFacts& program);
std::string zsh_completion(const CommandFacts& program);
std::string fish_completion(const CommandFacts& program);

}  // namespace carillon::app
