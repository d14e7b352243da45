// The `carillon` program: reads the command line and hands over.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <variant>

#include "apps/carillon/check_config.hpp"
#include "apps/carillon/command_line.hpp"
#include "server/server.hpp"

namespace carillon::app {
namespace {

int serve(const ServeCommand& command) {
  const auto config = server::load_config(command.sources);
  if (!config) {
    print_problems(config.error());
    return kExitFailure;
  }
  return server::serve(*config, [&command] { return server::load_config(command.sources); });
}

int run(int argc, const char* const* argv) {
  const auto command = parse_command_line(argc, argv);
  if (!command) return command.error();
  if (const auto* asked = std::get_if<ServeCommand>(&*command)) return serve(*asked);
  if (const auto* asked = std::get_if<CheckConfigCommand>(&*command)) return check_config(*asked);
  if (const auto* asked = std::get_if<PubCommand>(&*command)) return pub(*asked);
  if (const auto* asked = std::get_if<SubCommand>(&*command)) return sub(*asked);
  if (const auto* asked = std::get_if<ChannelsCommand>(&*command)) return channels(*asked);
  if (const auto* asked = std::get_if<TokenCommand>(&*command)) return token(*asked);
  if (const auto* asked = std::get_if<ChooseCommand>(&*command)) return choose(*asked);
  fmt::print("{}", std::get<PrintCommand>(*command).text);
  return kExitOk;
}

}  // namespace
}  // namespace carillon::app

int main(int argc, char** argv) {
  try {
    return carillon::app::run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "carillon: {}\n", error.what());
    return carillon::app::kExitFailure;
  }
}
