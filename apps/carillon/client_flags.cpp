#include "apps/carillon/client_flags.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "outgoing/server_url.hpp"
#include "protocol/native/channel_name.hpp"
#include "server/text_file.hpp"

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

net::TlsClientContext::Made trust_of(const std::string& path) {
  const std::string pem = TRY(server::read_text_file(path));
  return net::TlsClientContext::of_authorities(pem);
}

void add_trust_flags(CLI::App& command, ClientFlags& flags) {
  CLI::Option* authorities =
      command
          .add_option_function<std::string>(
              "--ca",
              [&flags](const std::string& path) {
                auto trust = trust_of(path);
                if (!trust) throw CLI::ValidationError("--ca", "'" + path + "' " + trust.error());
                flags.trust = *std::move(trust);
              },
              "Trust only the certificates in this file (PEM), not those that this machine trusts")
          ->type_name("FILE");
  command
      .add_flag_callback(
          "--insecure", [&flags] { flags.trust = net::TlsClientContext::of_anybody(); },
          "Trust every certificate: for development, never for a token that matters")
      ->excludes(authorities);
}

}  // namespace

void add_client_flags(CLI::App& command, ClientFlags& flags) {
  // With such a callback, CLI11 reads the variables of this command only when it is the one asked
  // for: a bad CARILLON_URL must not keep a server from starting.
  command.parse_complete_callback([] {});
  command
      .add_option("--server", flags.server,
                  "The server, http[s]://HOST:PORT[/BASE_PATH] or unix:/PATH[:/BASE_PATH]")
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
  add_trust_flags(command, flags);
  command.add_flag_callback(
      "--json", [&flags] { flags.form = OutputForm::Json; },
      "Print JSON, one object a line, on standard error as well");
}

client::ClientOptions client_options(const ClientFlags& flags) {
  client::ClientOptions options{.server = client::ServerUrl::parse(flags.server).value()};
  options.token = flags.token;
  options.trust = flags.trust;
  return options;
}

std::string check_channel(const std::string& text) {
  if (native::is_channel_name(text)) return {};
  return "'" + text + "' is no channel: 1 to 128 characters of A-Z a-z 0-9 _ . : / @ | + = ~ ! -";
}

}  // namespace carillon::app
