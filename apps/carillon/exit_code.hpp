// What the program's exit code says; docs/command_line.md has the same list for users.
#pragma once

namespace carillon::app {

constexpr int kExitOk = 0;
constexpr int kExitFailure = 1;      // it was tried, and refused or broken off
constexpr int kExitUsage = 2;        // the command line or the environment is wrong
constexpr int kExitUnreachable = 3;  // no server answers there

}  // namespace carillon::app
