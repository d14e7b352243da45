#include "apps/carillon/command_line.hpp"

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/carillon/command_tree.hpp"
#include "apps/carillon/completion.hpp"
#include "apps/carillon/manual.hpp"

namespace carillon::app {
namespace {

CLI::Option* add_config(CLI::App& command, server::ConfigSources& sources) {
  return command.add_option("--config", sources.file, "A TOML file of settings; no other is read")
      ->type_name("FILE");
}

CLI::App* add_serve(CLI::App& app, ServeCommand& serve, std::vector<std::string>& listen) {
  CLI::App* command = app.add_subcommand("serve", "Run the server until SIGTERM or SIGINT");
  server::ConfigFlags& flags = serve.sources.flags;
  add_config(*command, serve.sources);
  command
      ->add_option("--listen", listen,
                   "An address to listen on, e.g. 127.0.0.1:8000 or unix:/run/carillon.sock; may "
                   "be repeated")
      ->type_name("HOST:PORT")
      ->allow_extra_args(false);
  command->add_option("--reactors", flags.reactors, "Event loops; 0: one per core")->type_name("N");
  command->add_option("--io", flags.io, "auto, uring or epoll: how sockets are read and written")
      ->type_name("BACKEND");
  command->add_option("--data-dir", flags.data_dir, "The folder for what outlives the process")
      ->type_name("DIR");
  command->add_flag_callback(
      "--tls-self-signed", [&flags] { flags.tls_self_signed = "on"; },
      "For development: https, with a certificate made for localhost");
  command->add_flag_callback(
      "--lab", [&flags] { flags.lab = "on"; },
      "Let visitors of /lab measure, delay and cut their own connections");
  command->add_flag_callback(
      "--demo", [&flags] { flags.demo = "on"; }, "Publish made-up data for the pages below /demos");
  command->add_option("--log-level", flags.log_level, "trace, debug, info, warn, error or off")
      ->type_name("LEVEL");
  command->add_option("--log-format", flags.log_format, "text or json")->type_name("FORMAT");
  return command;
}

CLI::App* add_check(CLI::App& app, CheckConfigCommand& check) {
  CLI::App* command = app.add_subcommand(
      "check-config", "Say whether file and environment are right, and what is wrong");
  CLI::Option* config = add_config(*command, check.sources);
  CLI::Option* print = command->add_flag_callback(
      "--print", [&check] { check.output = ConfigOutput::Effective; },
      "Print the settings in effect, but not the secret");
  CLI::Option* explain =
      command
          ->add_option("--explain", check.explained,
                       "Say what somebody may do in a channel, and which line says so; without "
                       "USER: clients without a token")
          ->type_name("CHANNEL [USER]")
          ->expected(1, 2)
          ->each([&check](const std::string&) { check.output = ConfigOutput::Explanation; })
          ->excludes(print);
  command
      ->add_flag_callback(
          "--template", [&check] { check.output = ConfigOutput::Template; },
          "Print a commented file of all settings")
      ->excludes(config)
      ->excludes(explain)
      ->excludes(print);
  return command;
}

/// The commands that print what the program knows of itself.
struct SelfDescription {
  explicit SelfDescription(CLI::App& app)
      : completion(
            app.add_subcommand("completion", "Print a script that completes this command line")),
        manual(app.add_subcommand("manual", "Print the manual page, for 'man -l -'")),
        version(app.add_subcommand("version", "Print the version")) {
    completion->add_option("shell", shell, "For which shell")
        ->type_name("SHELL")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  }

  std::string text(const CLI::App& app) const {
    if (completion->parsed()) return completion_script(shell, facts_of(app)).value();
    if (manual->parsed()) return manual_page(facts_of(app), CARILLON_VERSION);
    return std::string("carillon ") + CARILLON_VERSION + "\n";
  }

  CLI::App* completion;
  CLI::App* manual;
  CLI::App* version;
  std::string shell = {};
};

}  // namespace

Result<Command, int> parse_command_line(int argc, const char* const* argv) {
  CLI::App app("Carillon: publish once, and every client hears it.", "carillon");
  app.require_subcommand(1);
  ServeCommand serve;
  std::vector<std::string> listen;
  CheckConfigCommand check;
  PubCommand pub;
  SubCommand sub;
  ChannelsCommand channels;
  TokenCommand token;
  ChooseCommand choose;
  const CLI::App* serve_asked = add_serve(app, serve, listen);
  const CLI::App* check_asked = add_check(app, check);
  const CLI::App* pub_asked = add_pub(app, pub);
  const CLI::App* sub_asked = add_sub(app, sub);
  const CLI::App* channels_asked = add_channels(app, channels);
  const CLI::App* token_asked = add_token(app, token);
  const CLI::App* choose_asked = add_choose(app, choose);
  const SelfDescription self(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return std::unexpected(app.exit(error) == 0 ? kExitOk : kExitUsage);
  }
  serve.sources.environment = server::carillon_environment();
  check.sources.environment = serve.sources.environment;
  token.sources.environment = serve.sources.environment;
  if (!listen.empty()) serve.sources.flags.listen = std::move(listen);
  if (serve_asked->parsed()) return serve;
  if (check_asked->parsed()) return check;
  if (pub_asked->parsed()) return pub;
  if (sub_asked->parsed()) return sub;
  if (channels_asked->parsed()) return channels;
  if (token_asked->parsed()) return token;
  if (choose_asked->parsed()) return choose;
  return PrintCommand{.text = self.text(app)};
}

}  // namespace carillon::app
