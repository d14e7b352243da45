// `carillon choose`: which transport fits, and why.
#pragma once

#include <cstdint>

#include "apps/carillon/transport_choice.hpp"

namespace CLI {
class App;
}

namespace carillon::app {

enum class ChoiceForm : std::uint8_t { Text, Json };

struct ChooseCommand {
  Requirements needs;
  ChoiceForm form = ChoiceForm::Text;
};

CLI::App* add_choose(CLI::App& app, ChooseCommand& choose);

/// Returns the exit code.
int choose(const ChooseCommand& command);

}  // namespace carillon::app
