#include "apps/carillon/choose.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string>

#include "apps/carillon/exit_code.hpp"
#include "protocol/json/writer.hpp"

namespace carillon::app {

CLI::App* add_choose(CLI::App& app, ChooseCommand& choose) {
  CLI::App* command =
      app.add_subcommand("choose", "Say which transport fits what an application needs, and why");
  Requirements& needs = choose.needs;
  command->add_flag("--peer-to-peer", needs.peer_to_peer, "Clients speak without a server");
  command->add_flag("--video-streaming", needs.video_streaming, "Audio or video");
  command->add_flag("--client-to-server", needs.client_to_server, "Clients send messages");
  command->add_flag("--server-to-client", needs.server_to_client, "Clients are sent messages");
  command->add_flag("--high-frequency", needs.high_frequency, "Many updates a second");
  command->add_flag("--gaming", needs.gaming, "Every millisecond counts");
  command->add_flag("--simple", needs.simple, "Plain notifications or feeds");
  command->add_flag("--binary", needs.binary, "Data that is no text");
  command->add_flag("--infrequent", needs.infrequent, "Now and then, where simplicity counts");
  command->add_flag_callback(
      "--json", [&choose] { choose.form = ChoiceForm::Json; }, "Print a JSON object");
  return command;
}

int choose(const ChooseCommand& command) {
  const TransportChoice choice = choose_transport(command.needs);
  if (command.form == ChoiceForm::Text) {
    fmt::print("{}\nbecause {}\nin Carillon: {}\n", choice.technology, choice.reason, choice.offer);
    return kExitOk;
  }
  std::string out;
  json::ObjectWriter(out)
      .text("technology", choice.technology)
      .text("reason", choice.reason)
      .text("offer", choice.offer)
      .finish();
  fmt::print("{}\n", out);
  return kExitOk;
}

}  // namespace carillon::app
