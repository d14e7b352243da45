// `carillon manual`: the manual page of the program, for `man`.
#pragma once

#include <string>

#include "apps/carillon/command_tree.hpp"

namespace carillon::app {

/// A page of section 1 in roff (man(7) macros).
std::string manual_page(const CommandFacts& program, const std::string& version);

}  // namespace carillon::app
