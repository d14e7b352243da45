#include "apps/carillon/completion.hpp"

namespace carillon::app {

std::optional<std::string> completion_script(const std::string& shell,
                                             const CommandFacts& program) {
  if (shell == "bash") return bash_completion(program);
  if (shell == "zsh") return zsh_completion(program);
  if (shell == "fish") return fish_completion(program);
  return std::nullopt;
}

}  // namespace carillon::app
