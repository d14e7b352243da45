#include "apps/carillon/client_flags.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "outgoing/server_url.hpp"
#include "protocol/native/channel_name.hpp"

namespace carillon::app {
namespace {

std::string check_server(const std::string& text) {
  const auto url = client::ServerUrl::parse(text);
  return url ? std::string{} : url.error();
}

/// RFC 6750 §2.1, roughly: nothing that could end a header line.
std::string check_token(const std::string& text) {
  const bool is_plain =
      std::ranges::all_of(text, [](char octet) { return octet > ' ' && octet < 127; });
  return is_plain ? std::string{} : "a token has no blanks and no control characters";
}

}  // namespace

void add_client_flags(CLI::App& command, ClientFlags& flags) {
  // With such a callback, CLI11 reads the variables of this command only when it is the one asked
  // for: a bad CARILLON_URL must not keep a server from starting.
  command.parse_complete_callback([] {});
  command
      .add_option("--server", flags.server,
                  "The server, http://HOST:PORT[/BASE_PATH] or unix:/PATH[:/BASE_PATH]")
      ->type_name("URL")
      ->envname("CARILLON_URL")
      ->check(check_server)
      ->default_str(kDefaultServer);
  command
      .add_option("--token", flags.token,
                  "Sent as a bearer token; the variable keeps it out of the list of processes")
      ->type_name("TOKEN")
      ->envname("CARILLON_TOKEN")
      ->check(check_token);
  command.add_flag_callback(
      "--json", [&flags] { flags.form = OutputForm::Json; },
      "Print JSON, one object a line, on standard error as well");
}

client::ClientOptions client_options(const ClientFlags& flags) {
  client::ClientOptions options{.server = client::ServerUrl::parse(flags.server).value()};
  options.token = flags.token;
  return options;
}

std::string check_channel(const std::string& text) {
  if (native::is_channel_name(text)) return {};
  return "'" + text + "' is no channel: 1 to 128 characters of A-Z a-z 0-9 _ . : / @ | + = ~ ! -";
}

}  // namespace carillon::app
